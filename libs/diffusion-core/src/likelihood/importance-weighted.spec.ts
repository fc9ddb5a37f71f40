import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import type { VarianceDenoiser } from '../parameterizations/learned-variance.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { meanWithError } from './bits.js';
import { evenGrid, stepsThrough } from './chain-grid.js';
import { chainWeightNats } from './chain-weight.js';
import { elbo } from './elbo.js';
import { importanceWeightedNats } from './importance-weighted.js';
import { reverseLaw } from './reverse-law.js';

const process = ddpmProcess({ num_train_timesteps: 30, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 4, log_snr_min: -5 });
const grid = stepsThrough([29, 22, 14, 9, 5, 2, 0]);
const data = { mean: 0.5, variance: 0.25 };
const decoder = { kind: 'density', deviation: 0.2 } as const;
const exact = gaussianDenoiser(process, data);
const normalsOf = (seed: number, shape: [number, number]) => (term: number) =>
  tf.tensor2d(new PhiloxStream({ seed, purpose: 'noise', step: term }).fillNormal(new Float32Array(shape[0] * shape[1])), shape);

/** ln p(x₀) of the chain: all of its laws are normal, and x₀ is linear in what came before. */
function chainLogDensity(x0: number, logRatio: (step: { t: number; tPrev: number }) => number): number {
  /** E[x₀ | x_t] = m + g·x_t. */
  const estimate = (t: number) => {
    const total = process.alpha(t) ** 2 * data.variance + process.sigma(t) ** 2;
    const g = (process.alpha(t) * data.variance) / total;
    return { g, m: data.mean - g * process.alpha(t) * data.mean };
  };
  let [mean, variance] = [0, 1];
  for (const step of grid) {
    const { gain, keep, small } = reverseLaw(process, step);
    const { g, m } = estimate(step.t);
    [mean, variance] = [gain * m + (gain * g + keep) * mean, (gain * g + keep) ** 2 * variance + small * Math.exp(logRatio(step))];
  }
  const { g, m } = estimate(0);
  [mean, variance] = [m + g * mean, g * g * variance + decoder.deviation ** 2];
  return -((x0 - mean) ** 2 / variance + Math.log(2 * Math.PI * variance)) / 2;
}

describe('importanceWeightedNats', () => {
  it('is −ln of the mean weight, far from where weights have numbers', () => {
    expect([...importanceWeightedNats([[1, 5000], [3, 5000 + Math.log(3)]])]).toEqual([
      expect.closeTo(-Math.log((Math.exp(-1) + Math.exp(-3)) / 2), 12),
      expect.closeTo(5000 - Math.log(2 / 3), 9),
    ]);
    expect([...importanceWeightedNats([[7]])]).toEqual([7]);
    expect(() => importanceWeightedNats([])).toThrow(expect.objectContaining({ code: 'invalid_argument', message: 'an importance-weighted bound needs a weight or more' }));
  });
});

describe('chainWeightNats', () => {
  const learned: VarianceDenoiser = (x, t) => ({ x0: exact(x, t), fraction: tf.fill(x.shape, 0.4) });
  it.each([
    ['fixed_small', exact, 0],
    ['fixed_large', exact, 1],
    ['learned', learned, 0.4],
  ] as const)('has the likelihood of the chain as its mean weight, and the bound as its mean: %s', (name, denoiser, fraction) =>
    tf.tidy(() => {
      const count = 8000;
      for (const x of [0.3, 1.4]) {
        const varianceType = name === 'fixed_large' ? name : 'fixed_small';
        const x0 = tf.fill([count, 1], x);
        const nats = chainWeightNats(denoiser, process, x0, { grid, decoder, varianceType, noise: normalsOf(3, [count, 1]) });
        const logDensity = chainLogDensity(x, (step) => reverseLaw(process, step).logRatioAt(fraction));
        const weight = meanWithError(nats.map((value) => Math.exp(-value - logDensity)));
        expect(Math.abs(weight.mean - 1)).toBeLessThan(4 * weight.standardError);
        expect(weight.standardError).toBeLessThan(0.05);
        const bound = meanWithError(elbo(denoiser, process, x0, { grid, decoder, varianceType, noise: normalsOf(5, [count, 1]) }).total);
        const mean = meanWithError(nats);
        expect(Math.abs(mean.mean - bound.mean)).toBeLessThan(4 * Math.hypot(mean.standardError, bound.standardError));
        expect(mean.mean).toBeGreaterThan(-logDensity + 0.01);
      }
    }),
  );

  it('makes a bound that is tighter with more weights, and stays one', () =>
    tf.tidy(() => {
      const count = 1000;
      const x0 = tf.fill([count, 1], 1.4);
      const weights = Array.from({ length: 32 }, (_, k) => chainWeightNats(exact, process, x0, { grid, decoder, noise: normalsOf(100 + k, [count, 1]) }));
      const [one, few, many] = [1, 4, 32].map((k) => meanWithError(importanceWeightedNats(weights.slice(0, k))));
      const least = -chainLogDensity(1.4, () => 0);
      expect(one!.mean - few!.mean).toBeGreaterThan(4 * one!.standardError);
      expect(few!.mean - many!.mean).toBeGreaterThan(4 * few!.standardError);
      expect(many!.mean).toBeGreaterThan(least - 4 * many!.standardError);
      expect(many!.mean - least).toBeLessThan((one!.mean - least) / 3);
    }));

  it('sums over the elements of a sample, reads levels by their frequencies, and leaves nothing behind', () => {
    const [both, left, right] = [[[-1, 1]], [[-1]], [[1]]].map((rows) => tf.tensor2d(rows));
    const noises = [0.3, -1, 0.2, 1.5];
    const steps = evenGrid(20, 2, 3);
    const before = tf.memory().numTensors;
    const of = (x0: tf.Tensor, columns: number[]) =>
      chainWeightNats(exact, process, x0, { grid: steps, decoder: { kind: 'bayes', levels: 3, prior: [1, 2, 3] }, noise: (term) => tf.tensor2d([columns.map((column) => noises[term]! * column)]) })[0]!;
    expect(of(both!, [1, 2])).toBeCloseTo(of(left!, [1]) + of(right!, [2]), 8);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([both, left, right]);
  });
});
