import * as tf from '@tensorflow/tfjs-core';
import '../nn/testing/gradients.js';
import { enumeratedDenoiser } from '../analytic/enumerated-denoiser.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { categoricalProcess, type CategoricalProcess } from './categorical-process.js';
import { discreteAncestral } from './discrete-ancestral.js';
import { discreteClassifierFree } from './discrete-classifier-free.js';
import type { DiscreteDenoiser } from './discrete-denoiser.js';
import { discreteCrossEntropy, discretePriorTerm, discreteTerm } from './discrete-loss.js';
import { drawStates } from './draw-states.js';
import { maskAndReplaceProcess } from './mask-and-replace-process.js';
import { logMarginal, logPosterior, reverseLogProbabilities } from './reverse-log-probabilities.js';
import { absorbingProcess, binomialProcess, uniformProcess } from './standard-processes.js';
import { betaSurvival, cosineSurvival, linearSurvival } from './survival.js';
import { transitionMatrix } from './transition-matrix.js';
import { truncation } from './truncation.js';

const K = 5;
const T = 8;
const processes: [string, CategoricalProcess][] = [
  ['uniform', uniformProcess(K, cosineSurvival(T))],
  ['absorbing', absorbingProcess(K, linearSurvival(T))],
  ['mask and replace', maskAndReplaceProcess(K, { num_train_timesteps: T, alpha_cum_start: 0.95, alpha_cum_end: 0.1, gamma_cum_start: 0.02, gamma_cum_end: 0.7 })],
];
const uniforms = (shape: number[], step: number, seed = 3) => tf.tensor(new PhiloxStream({ seed, purpose: 'samplerNoise', step }).fillUniform(new Float32Array(shape.reduce((a, b) => a * b))), shape);
const ints = (values: number[], shape: number[]) => tf.tensor(values, shape, 'int32');
const rows = (x: tf.Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!]).arraySync() as number[][];
/** Law of x₀ at one position. */
const law = [0.5, 0.3, 0, 0.15, 0.05];

function product(a: Float64Array[], b: Float64Array[]): number[][] {
  return a.map((row) => b[0]!.reduce<number[]>((sums, _, j) => [...sums, row.reduce((sum, value, i) => sum + value * b[i]![j]!, 0)], []));
}

describe.each(processes)('the %s process', (_, process) => {
  const n = process.numStates;

  it('has rows that sum to 1, and jumps that are products of steps', () => {
    for (let s = -1; s < T; s++) {
      let steps = transitionMatrix(process, s, s);
      for (let t = s + 1; t < T; t++) {
        steps = product(steps, transitionMatrix(process, t - 1, t)).map((row) => Float64Array.from(row));
        transitionMatrix(process, s, t).forEach((row, i) => {
          expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
          row.forEach((value, j) => expect(value).toBeCloseTo(steps[i]![j]!, 12));
        });
      }
    }
  });

  it('forgets the data: the last law is the prior for data that are evenly spread', () => {
    const last = transitionMatrix(process, -1, T - 1).slice(0, K);
    process.prior.forEach((value, j) => expect(value).toBeCloseTo(last.reduce((sum, row) => sum + row[j]!, 0) / K, 12));
  });

  it('has the marginals of its matrix, for one jump and for a time of each sample', () =>
    tf.tidy(() => {
      const x0 = ints([0, 3, 4, 1], [2, 2]);
      const one = rows(tf.exp(logMarginal(process, x0, { t: 4, tPrev: 1 })));
      [0, 3, 4, 1].forEach((state, i) => transitionMatrix(process, -1, 4)[state]!.forEach((value, j) => expect(one[i]![j]).toBeCloseTo(value, 6)));
      const each = rows(tf.exp(logMarginal(process, x0, tf.tensor1d([2, 6]))));
      [0, 3, 4, 1].forEach((state, i) => transitionMatrix(process, -1, i < 2 ? 2 : 6)[state]!.forEach((value, j) => expect(each[i]![j]).toBeCloseTo(value, 6)));
    }));

  it.each([
    [5, 4],
    [7, 2],
    [3, -1],
    [0, -1],
  ])('has the posterior of the jump from %d to %d by Bayes’ rule, and with any p(x₀)', (t, tPrev) =>
    tf.tidy(() => {
      const [before, jump, until] = [transitionMatrix(process, -1, tPrev), transitionMatrix(process, tPrev, t), transitionMatrix(process, -1, t)];
      for (let x0 = 0; x0 < K; x0++) {
        for (let xt = 0; xt < n; xt++) {
          if (until[x0]![xt] === 0) continue; // Nothing to ask: it cannot be.
          const exact = Array.from({ length: n }, (__, xs) => (before[x0]![xs]! * jump[xs]![xt]!) / until[x0]![xt]!);
          const [row] = rows(tf.exp(logPosterior(process, ints([x0], [1, 1]), ints([xt], [1, 1]), { t, tPrev })));
          exact.forEach((value, xs) => expect(row![xs]).toBeCloseTo(value, 5));
        }
      }
      for (let xt = 0; xt < n; xt++) {
        // p(x₀ | x_t) ∝ law·q(x_t | x₀), so that the sum over x₀ is Bayes' rule for the law.
        const evidence = law.map((p, x0) => p * until[x0]![xt]!);
        const total = evidence.reduce((a, b) => a + b);
        if (total === 0) continue;
        const exact = Array.from({ length: n }, (__, xs) => law.reduce((sum, p, x0) => sum + (p * before[x0]![xs]! * jump[xs]![xt]!) / total, 0));
        const logX0 = tf.tensor(evidence.map((value) => Math.log(value / total)), [1, 1, K]);
        const [row] = rows(tf.exp(reverseLogProbabilities(process, logX0, ints([xt], [1, 1]), { t, tPrev })));
        expect(row!.every(Number.isFinite)).toBe(true);
        exact.forEach((value, xs) => expect(row![xs]).toBeCloseTo(value, 5));
      }
    }),
  );

  it.each([[Array.from({ length: T }, (__, i) => T - 1 - i)], [[7, 5, 1]]])('draws the law of the data with an exact denoiser, along the times %j (4 standard errors of 2,000)', (times) => {
    const size = 2000;
    const denoiser = enumeratedDenoiser(process, law.flatMap((weight, state) => (weight > 0 ? [{ weight, states: [state] }] : [])));
    const grid = times.map((t, i) => ({ t, tPrev: times[i + 1] ?? -1 }));
    const before = tf.memory().numTensors;
    const counts = tf.tidy(() => {
      // x at the last time, drawn from its law.
      const data = drawStates(tf.tensor(Array.from({ length: size }, () => law.map(Math.log)).flat(), [size, 1, K]), uniforms([size, 1], 100));
      const start = drawStates(logMarginal(process, data, { t: times[0]!, tPrev: -1 }), uniforms([size, 1], 101));
      const drawn = discreteAncestral(denoiser, process, grid, start, { uniforms: (index) => uniforms([size, 1], index) });
      return law.map((__, state) => tf.sum(tf.cast(tf.equal(drawn, state), 'int32')).dataSync()[0]!);
    });
    expect(tf.memory().numTensors).toBe(before);
    law.forEach((p, state) => expect(Math.abs(counts[state]! - size * p)).toBeLessThanOrEqual(4 * Math.sqrt(size * p * (1 - p))));
  });

  it('has a bound that is −ln p of the data for an exact denoiser of single positions', () =>
    tf.tidy(() => {
      const denoiser = enumeratedDenoiser(process, law.flatMap((weight, state) => (weight > 0 ? [{ weight, states: [state] }] : [])));
      for (const state of [0, 3]) {
        const x0 = ints([state], [1, 1]);
        // E over x_t by enumeration of all of them.
        let bound = 0;
        for (let t = 0; t < T; t++) {
          rows(tf.exp(logMarginal(process, x0, { t, tPrev: -1 })))[0]!.forEach((q, xt) => {
            if (q === 0) return;
            const x = ints([xt], [1, 1]);
            bound += q * discreteTerm(process, { logX0: denoiser(x, tf.tensor1d([t])), x0, xt: x, times: { t, tPrev: t - 1 } }).dataSync()[0]!;
          });
        }
        // The last law of these data in place of the prior, which is that of other data.
        const last = transitionMatrix(process, -1, T - 1);
        const prior = last[state]!.reduce((sum, q, j) => (q === 0 ? sum : sum + q * Math.log(q / law.reduce((mix, p, i) => mix + p * last[i]![j]!, 0))), 0);
        expect(Math.abs(bound + prior + Math.log(law[state]!))).toBeLessThan(1e-4);
        const ofPrior = last[state]!.reduce((sum, q, j) => (q === 0 ? sum : sum + q * Math.log(q / process.prior[j]!)), 0);
        expect(discretePriorTerm(process, x0).dataSync()[0]).toBeCloseTo(ofPrior, 5);
      }
    }));

  it('has a loss with the gradient of differences, and one of a time for each sample', () =>
    tf.tidy(() => {
      const [x0, xt] = [ints([0, 3, 1, 1], [2, 2]), ints([0, 2, 1, 4], [2, 2]).clone()];
      const states = process.maskState === undefined ? xt : ints([0, 5, 5, 1], [2, 2]);
      const logits = tf.tensor(Array.from({ length: 20 }, (__, i) => Math.sin(3 * i)), [2, 2, K]);
      const direction = tf.tensor(Array.from({ length: 20 }, (__, i) => Math.cos(5 * i)), [2, 2, K]);
      const loss = (at: tf.Tensor) => tf.sum<tf.Scalar>(discreteTerm(process, { logX0: tf.logSoftmax(at), x0, xt: states, times: tf.tensor1d([6, 3]) }));
      const slope = tf.sum(tf.mul(tf.grad(loss)(logits), direction)).dataSync()[0]!;
      const h = 1e-2;
      const difference = (loss(tf.add(logits, tf.mul(h, direction))).dataSync()[0]! - loss(tf.sub(logits, tf.mul(h, direction))).dataSync()[0]!) / (2 * h);
      expect(Math.abs(slope - difference)).toBeLessThan(1e-3);
      expect(Math.abs(slope)).toBeGreaterThan(0.01);
      const apart = [[0, 6], [1, 3]].map(([i, t]) => {
        const at = (x: tf.Tensor) => tf.slice(x, i!, 1);
        return discreteTerm(process, { logX0: tf.logSoftmax(at(logits)), x0: at(x0), xt: at(states), times: { t: t!, tPrev: t! - 1 } }).dataSync()[0]!;
      });
      expect(loss(logits).dataSync()[0]).toBeCloseTo(apart[0]! + apart[1]!, 4);
    }));
});

describe('Sohl-Dickstein’s heartbeat', () => {
  // A pulse every fifth of twenty bins: five sequences, log₂ 5 = 2.3219 bits.
  const length = 20;
  const beats = Array.from({ length: 5 }, (_, phase) => ({ weight: 1, states: Array.from({ length }, (__, i) => Number(i % 5 === phase)) }));

  const mean = (x: tf.Tensor) => tf.mean(x).dataSync()[0]!;

  /** The bound in bits, over 60 noisy sequences at each time. */
  function bound(steps: number): number {
    const process = binomialProcess(steps);
    const denoiser = enumeratedDenoiser(process, beats);
    return tf.tidy(() => {
      const batch = 60;
      const x0 = ints(Array.from({ length: batch }, (_, i) => beats[i % 5]!.states).flat(), [batch, length]);
      let nats = mean(discretePriorTerm(process, x0));
      for (let t = 0; t < steps; t++) {
        nats += tf.tidy(() => {
          const xt = drawStates(logMarginal(process, x0, { t, tPrev: -1 }), uniforms([batch, length], t, 9));
          const terms = discreteTerm(process, { logX0: denoiser(xt, tf.fill([batch], t)), x0, xt, times: { t, tPrev: t - 1 } });
          return mean(terms);
        });
      }
      return nats / Math.LN2;
    });
  }

  it('costs log₂ 5 bits by the exact denoiser, but for a gap that falls with the steps', () => {
    const [coarse, fine] = [bound(8), bound(60)];
    // About a tenth of a bit of chance in 60 sequences.
    expect(Math.abs(fine - Math.log2(5))).toBeLessThan(0.3);
    expect(coarse - Math.log2(5)).toBeGreaterThan(0.5);
  });

  it('flips bits as B(x(1 − β) + β/2), β = 1/(T − t + 1)', () => {
    const process = binomialProcess(10);
    for (let t = 0; t < 10; t++) {
      const beta = 1 / (10 - t);
      const { kept, redrawn } = process.transition(t - 1, t);
      expect([kept, redrawn].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([1 - beta, beta / 2].map((value) => Math.round(value * 1e12) / 1e12));
    }
  });
});

describe('drawStates', () => {
  it('inverts the distribution function, and never draws what is impossible', () =>
    tf.tidy(() => {
      const p = [0, 0.25, 0, 0.75, 0].map(Math.log);
      const most = 1 - 2 ** -24;
      const drawn = drawStates(tf.tensor([0, 0.24, 0.25, 0.5, most].flatMap(() => p), [5, 1, 5]), tf.tensor([0, 0.24, 0.25, 0.5, most], [5, 1]));
      expect([...drawn.dataSync()]).toEqual([1, 1, 3, 3, 3]);
      expect(drawn.dtype).toBe('int32');
    }));
});

describe('guidance of discrete denoisers', () => {
  const says = (...values: number[]): DiscreteDenoiser => () => tf.tensor(values.map(Math.log), [1, 1, values.length]);
  const told = (denoiser: DiscreteDenoiser) => tf.tidy(() => rows(tf.exp(denoiser(ints([0], [1, 1]), tf.tensor1d([0]))))[0]!.map((value) => Math.round(1e5 * value) / 1e5));

  it.each([
    [0.49, [1, 0, 0, 0]],
    [0.51, [0.625, 0, 0.375, 0]],
    [0.79, [0.625, 0, 0.375, 0]],
    [0.81, [0.54945, 0.12088, 0.32967, 0]],
    [1, [0.5, 0.11, 0.3, 0.09]],
    [1e-9, [1, 0, 0, 0]],
  ])('truncation keeps the likeliest with the share %d', (share, expected) => {
    expect(told(truncation(share)(says(0.5, 0.11, 0.3, 0.09)))).toEqual(expected);
  });

  it('truncation keeps what is as likely as the last one kept', () => {
    expect(told(truncation(0.3)(says(0.25, 0.25, 0.25, 0.25)))).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it.each([0, -1, 1.1, Number.NaN])('truncation refuses the share %d', (share) => {
    expect(() => truncation(share)).toThrow(`got ${share}`);
  });

  it('classifier-free is p ∝ u·(c/u)^s, and what one side rules out stays out', () => {
    const [c, u] = [says(0.6, 0.4, 0), says(0.2, 0.3, 0.5)];
    const [a, b] = [0.2 * (0.6 / 0.2) ** 2, 0.3 * (0.4 / 0.3) ** 2];
    const mixed = told(discreteClassifierFree(c, u, 2));
    [a / (a + b), b / (a + b), 0].forEach((value, i) => expect(mixed[i]).toBeCloseTo(value, 4));
    expect(told(discreteClassifierFree(u, c, 2))[2]).toBe(0);
    expect(discreteClassifierFree(c, u, 1)).toBe(c);
    expect(discreteClassifierFree(c, u, 0)).toBe(u);
  });
});

describe('discreteCrossEntropy', () => {
  it('is −Σ ln p(x₀) of each sample', () =>
    tf.tidy(() => {
      const logX0 = tf.log(tf.tensor([0.5, 0.5, 0, 0.2, 0.3, 0.5, 1, 0, 0, 0.1, 0.8, 0.1], [2, 2, 3]));
      const terms = discreteCrossEntropy(uniformProcess(3, [0.5]), { logX0, x0: ints([0, 2, 0, 1], [2, 2]) }).dataSync();
      expect(terms[0]).toBeCloseTo(-Math.log(0.25), 5);
      expect(terms[1]).toBeCloseTo(-Math.log(0.8), 5);
    }));
});

describe('what is no process', () => {
  it.each([
    [{ numClasses: 1, kept: [0.5] }, 'at least 2 classes, got 1'],
    [{ numClasses: 2, kept: [] }, 'at least one time'],
    [{ numClasses: 2, kept: [0.5], unmasked: [] }, 'as many levels of "unmasked" as of "kept", got 0 and 1'],
    [{ numClasses: 2, kept: [0.5, 0.6] }, 'time 1: kept 0.6'],
    [{ numClasses: 2, kept: [0.5, -0.1] }, 'time 1: kept -0.1'],
    [{ numClasses: 2, kept: [0, 0] }, 'time 1: kept 0'],
    [{ numClasses: 2, kept: [0.5], unmasked: [0.4] }, 'time 0: kept 0.5 and unmasked 0.4'],
    [{ numClasses: 2, kept: [0.5, 0.5], unmasked: [0.9, 0.8] }, 'time 1: kept 0.5 and unmasked 0.8'],
    [{ numClasses: 2, kept: [0.4, 0.3], unmasked: [0.5, 0.6] }, 'time 1: kept 0.3 and unmasked 0.6'],
  ])('is refused: %j', (levels, message) => {
    expect(() => categoricalProcess(levels)).toThrow(expect.objectContaining({ code: 'invalid_spec', message: expect.stringContaining(message) }));
  });

  it('refuses times that it has not, and schedules without steps', () => {
    const process = uniformProcess(2, linearSurvival(3));
    for (const [s, t] of [[-2, 1], [0.5, 1], [2, 1], [0, 3]] as const) expect(() => process.transition(s, t)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    expect(process.transition(1, 1)).toEqual({ kept: 1, redrawn: 0, masked: 0 });
    for (const steps of [0, 1.5]) for (const make of [linearSurvival, cosineSurvival]) expect(() => make(steps)).toThrow(`whole number of steps of at least 1, got ${steps}`);
    expect(() => maskAndReplaceProcess(4, { num_train_timesteps: 1 })).toThrow('num_train_timesteps: 1');
  });

  it('has the levels of the papers', () => {
    expect([...linearSurvival(4)]).toEqual([0.75, 0.5, 0.25, 0]);
    const cosine = cosineSurvival(4);
    cosine.forEach((value, t) => expect(value).toBeCloseTo(Math.cos((((t + 1) / 4 + 0.008) / 1.008) * (Math.PI / 2)) / Math.cos((0.008 / 1.008) * (Math.PI / 2)), 12));
    expect([...betaSurvival(Float64Array.of(0.5, 0.2))]).toEqual([0.5, 0.4]);
    const { kept, masked } = maskAndReplaceProcess(4).transition(-1, 99);
    expect([kept, masked].map((value) => Math.round(1e6 * value) / 1e6)).toEqual([0.000009, 0.99999]);
  });

  it.each([
    [[]],
    [[{ weight: 0, states: [1] }]],
    [[{ weight: 1, states: [1] }, { weight: 1, states: [1, 0] }]],
    [[{ weight: 1, states: [2] }]],
    [[{ weight: 1, states: [0.5] }]],
  ])('has no exact denoiser of %j', (sequences) => {
    expect(() => enumeratedDenoiser(uniformProcess(2, [0.5]), sequences)).toThrow('states from 0 to 1');
  });
});
