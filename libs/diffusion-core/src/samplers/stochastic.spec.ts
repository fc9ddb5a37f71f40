import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { edmProcess } from '../processes/edm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { interpolatedProcess } from '../processes/interpolated-process.js';
import { veProcess } from '../processes/ve-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import type { Churn } from './churn.js';
import { ddim } from './ddim.js';
import { ddpmAncestral } from './ddpm-ancestral.js';
import { sdeDpmSolverPp2M } from './dpm-solver-multistep.js';
import { eulerAncestral } from './euler-ancestral.js';
import { eulerMaruyama } from './euler-maruyama.js';
import { euler } from './euler.js';
import { exponentialGrid } from './exponential-grid.js';
import { gridOfProcess } from './grid-of-process.js';
import { heun } from './heun.js';
import { halfLogSnr, timeOfRatio } from './noise-ratio.js';
import { predictorCorrector } from './predictor-corrector.js';
import { ancestralCoefficients, ddimCoefficients, reverseDiffusionCoefficients, type StepCoefficients } from './step-coefficients.js';
import { timestepGrid, type GridStep } from './timestep-grid.js';

const size = 8000;
const dataVariance = 0.25;
const normals = (step: number, shape: [number, number] = [1, size]) =>
  tf.tensor2d(new PhiloxStream({ seed: 11, purpose: 'samplerNoise', step }).fillNormal(new Float32Array(shape[0] * shape[1])), shape);

const edm = edmProcess();
const exact = (process: GaussianProcess) => gaussianDenoiser(process, { mean: 0, variance: dataVariance });
/** x̂₀ of the exact denoiser is this times x. */
const gainAt = (process: GaussianProcess, t: number) => (process.alpha(t) * dataVariance) / (process.alpha(t) ** 2 * dataVariance + process.sigma(t) ** 2);

/** Variance of all elements, which begin at N(0, 1); within four standard errors of what it should be. */
function expectVariance(sample: (x: tf.Tensor) => tf.Tensor, expected: number, allowed = 4 * Math.sqrt(2 / size)): void {
  const variance = tf.tidy(() => tf.moments(sample(normals(5000))).variance.dataSync()[0]!);
  expect(Math.abs(variance / expected - 1)).toBeLessThan(allowed);
}

const noisy = (n: number, process: GaussianProcess): GridStep[] => gridOfProcess(process, exponentialGrid(n, { sigmaMin: 0.1, sigmaMax: 10 }));

describe('sdeDpmSolverPp2M', () => {
  it.each([['edm', edm], ['vp', vpProcess()]] as const)('has the variance of its recursion for x and the x̂₀ before, and comes to the data’s: %s', (_, process) => {
    const grid = noisy(12, process);
    const lambda = (t: number) => halfLogSnr(process, t);
    // x and m are both multiples of independent noises: [factor of each noise].
    let [x, before] = [[1], [0]];
    grid.forEach(({ t, tPrev }, i) => {
      const h = lambda(tPrev) - lambda(t);
      const model = x.map((value) => gainAt(process, t) * value);
      const half = i === 0 || h === Number.POSITIVE_INFINITY ? 0 : h / (lambda(t) - lambda(grid[i - 1]!.t)) / 2;
      const weight = process.alpha(tPrev) * -Math.expm1(-2 * h);
      const shrink = (process.sigma(tPrev) / process.sigma(t)) * Math.exp(-h);
      const next = x.map((value, k) => shrink * value + weight * (model[k]! + half * (model[k]! - before[k]!)));
      [x, before] = [[...next, process.sigma(tPrev) * Math.sqrt(-Math.expm1(-2 * h))], [...model, 0]];
    });
    const expected = x.reduce((sum, value) => sum + value ** 2, 0);
    expectVariance((start) => sdeDpmSolverPp2M(exact(process), process, grid, start, { noise: (i) => normals(i) }), expected);
  });

  it('with an x̂₀ that never changes takes the steps of ddim with η = 1, noise and all', () =>
    tf.tidy(() => {
      const process = vpProcess();
      const options = { noise: (i: number) => normals(i, [2, 3]) };
      const [denoiser, start] = [(at: tf.Tensor) => tf.fill(at.shape, 0.4), normals(99, [2, 3])];
      const [a, b] = [sdeDpmSolverPp2M(denoiser, process, noisy(7, process), start, options), ddim(denoiser, process, noisy(7, process), start, { eta: 1, ...options })];
      expect(Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0])).toBeLessThan(3e-6);
      expect(() => sdeDpmSolverPp2M(denoiser, process, noisy(7, process), start)).toThrow('step 0 adds noise: pass options.noise');
    }));
});

describe('eulerAncestral', () => {
  it('goes down to σ_down and adds σ_up, as k-diffusion writes it, in any process', () =>
    tf.tidy(() => {
      const denoiser = exact(edm);
      const [from, to, x] = [3, 1.2, normals(1, [2, 3])];
      const up = Math.min(to, Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
      const down = Math.sqrt(to ** 2 - up ** 2);
      const x0 = tf.mul(gainAt(edm, from), x);
      const expected = tf.add(tf.add(x, tf.mul((down - from) / from, tf.sub(x, x0))), tf.mul(up, normals(0, [2, 3])));
      const step = eulerAncestral(denoiser, edm, [{ t: from, tPrev: to }], x, { noise: (i) => normals(i, [2, 3]) });
      expect(Number(tf.max(tf.abs(tf.sub(step, expected))).dataSync()[0])).toBeLessThan(2e-6);
      const vp = vpProcess();
      const [t, tPrev] = [timeOfRatio(vp, from), timeOfRatio(vp, to)];
      const scaled = eulerAncestral(exact(vp), vp, [{ t, tPrev }], tf.mul(vp.alpha(t), x), { noise: (i) => normals(i, [2, 3]) });
      expect(Number(tf.max(tf.abs(tf.sub(tf.div(scaled, vp.alpha(tPrev)), expected))).dataSync()[0])).toBeLessThan(5e-6);
    }));

  it('is ancestral sampling with fixed_small', () =>
    tf.tidy(() => {
      const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
      const [grid, start, noise] = [timestepGrid(10, 'trailing'), normals(99, [2, 3]), (i: number) => normals(i, [2, 3])];
      const [a, b] = [eulerAncestral, ddpmAncestral].map((sampler) => sampler(exact(process), process, grid, start, { noise })) as [tf.Tensor, tf.Tensor];
      expect(Number(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0])).toBeLessThan(3e-6);
    }));
});

describe.each([['euler', euler], ['heun', heun]] as const)('%s with churn', (name, sampler) => {
  const churn: Churn = { strength: 3, sigmaMin: 0.3, sigmaMax: 6, noiseScale: 1.05 };

  /** Variance by Karras et al. (2022), algorithm 2, in σ/α. */
  function recursion(noises: readonly number[], n: number, given: Churn): number {
    const slope = (sigma: number) => (1 - gainAt(edm, sigma)) / sigma;
    return noises.slice(1).reduce((variance, to, i) => {
      const from = noises[i]!;
      const gamma = from >= given.sigmaMin! && from <= given.sigmaMax! ? Math.min(given.strength / n, Math.SQRT2 - 1) : 0;
      const raised = from * (1 + gamma);
      const eulerFactor = 1 + (to - raised) * slope(raised);
      const factor = name === 'euler' || to === 0 ? eulerFactor : 1 + ((to - raised) * (slope(raised) + slope(to) * eulerFactor)) / 2;
      return factor ** 2 * (variance + (raised ** 2 - from ** 2) * given.noiseScale! ** 2);
    }, 1);
  }

  it.each([['edm', edm], ['vp', vpProcess()]] as const)('has the variance of its recursion: %s', (_, process) => {
    for (const given of [churn, { ...churn, strength: 12 }]) {
      const grid = noisy(9, process);
      const noises = [...exponentialGrid(9, { sigmaMin: 0.1, sigmaMax: 10 }).map(({ t }) => t), 0];
      const expected = recursion(noises, grid.length, given);
      const alpha = process.alpha(grid[0]!.t);
      expectVariance((start) => sampler(exact(process), process, grid, tf.mul(alpha, start), { churn: given, noise: (i) => normals(i) }), expected);
    }
  });

  it('adds noise only within its limits, both included, and none with strength 0', () =>
    tf.tidy(() => {
      const grid = noisy(5, edm);
      const sigmas = grid.map(({ t }) => t);
      const asked: number[] = [];
      const noise = (i: number) => (asked.push(i), normals(i, [1, 2]));
      const start = normals(3, [1, 2]);
      sampler(exact(edm), edm, grid, start, { churn: { strength: 1, sigmaMin: sigmas[3]!, sigmaMax: sigmas[1]! * (1 + 1e-12) }, noise });
      expect(asked).toEqual([1, 2, 3]);
      asked.length = 0;
      const [without, zero] = [sampler(exact(edm), edm, grid, start), sampler(exact(edm), edm, grid, start, { churn: { strength: 0 }, noise })];
      expect(asked).toEqual([]);
      expect(zero.dataSync()).toEqual(without.dataSync());
      sampler(exact(edm), edm, grid, start, { churn: { strength: 1 }, noise });
      expect(asked).toEqual([0, 1, 2, 3, 4]);
    }));

  it('refuses what cannot be', () =>
    tf.tidy(() => {
      const ddpm = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
      const run = (process: GaussianProcess, grid: GridStep[], options: object) => () => sampler(exact(process), process, grid, tf.ones([1, 1]), { noise: () => tf.ones([1, 1]), ...options });
      expect(run(edm, noisy(5, edm), { churn: { strength: -1 } })).toThrow('a churn of strength -1 is not a number of at least 0');
      expect(run(edm, noisy(5, edm), { churn: { strength: Number.NaN } })).toThrow('strength NaN');
      expect(run(edm, [{ t: 80, tPrev: 1 }], { churn: { strength: 1 } })).toThrow('lies outside');
      expect(run(ddpm, [{ t: 500, tPrev: 400 }], { churn: { strength: 1 } })).toThrow('not an integer');
      expect(run(interpolatedProcess(ddpm), [{ t: 500, tPrev: 400 }], { churn: { strength: 1 } })).not.toThrow();
      expect(() => sampler(exact(edm), edm, noisy(5, edm), tf.ones([1, 1]), { churn })).toThrow('adds noise: pass options.noise');
    }));
});

/** Variance of a sampler that is linear in (x̂₀, x), and adds noise. */
const linearRecursion = (process: GaussianProcess, grid: readonly GridStep[], of: (step: GridStep) => StepCoefficients, correct: (variance: number, t: number, tPrev: number) => number) =>
  grid.reduce((variance, step) => {
    const c = of(step);
    return (c.x0 * gainAt(process, step.t) + c.x) ** 2 * correct(variance, step.t, step.tPrev) + c.noise ** 2;
  }, 1);

describe('reverseDiffusionCoefficients', () => {
  it('are eq. 46 of Song et al. (2021) for DDPM and eq. 47 for VE', () => {
    const ddpm = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
    for (const t of [1, 400, 999]) {
      const [beta, sigma2] = [ddpm.betas[t]!, ddpm.sigma(t) ** 2];
      const c = reverseDiffusionCoefficients(ddpm, { t, tPrev: t - 1 });
      expect(c.x).toBeCloseTo(2 - Math.sqrt(1 - beta) - beta / sigma2, 10);
      expect(c.x0).toBeCloseTo((beta * ddpm.alpha(t)) / sigma2, 10);
      expect(c.noise).toBeCloseTo(Math.sqrt(beta), 10);
    }
    const ve = veProcess();
    const [from, to] = [ve.sigma(0.8), ve.sigma(0.6)];
    const c = reverseDiffusionCoefficients(ve, { t: 0.8, tPrev: 0.6 });
    expect(c.x).toBeCloseTo(1 - (from ** 2 - to ** 2) / from ** 2, 10);
    expect(c.x0).toBeCloseTo((from ** 2 - to ** 2) / from ** 2, 10);
    expect(c.noise).toBeCloseTo(Math.sqrt(from ** 2 - to ** 2), 10);
  });

  it('end in clean data without noise', () => {
    expect(reverseDiffusionCoefficients(edm, { t: 0.5, tPrev: 0 })).toEqual({ x0: 1, x: 0, noise: 0 });
  });
});

describe('predictorCorrector', () => {
  const vp = vpProcess();
  const grid = noisy(12, vp);
  const predictors = [
    ['reverseDiffusion', reverseDiffusionCoefficients],
    ['ancestral', (process: GaussianProcess, step: GridStep) => ancestralCoefficients(process, step, 'fixed_small')],
  ] as const;

  it.each(predictors)('has the variance of its recursion, where lengths are those of many elements: %s', (predictor, of) => {
    for (const [correctorSteps, snr] of [[1, 0.2], [3, 0.12]] as const) {
      const expected = linearRecursion(vp, grid, (step) => of(vp, step), (before, t, tPrev) => {
        let variance = before;
        for (let k = 0; k < correctorSteps; k++) {
          const slope = (vp.alpha(t) * gainAt(vp, t) - 1) / vp.sigma(t) ** 2;
          const length = 2 * (vp.alpha(t) / vp.alpha(tPrev)) ** 2 * (snr / Math.abs(slope)) ** 2 / variance;
          variance = (1 + length * slope) ** 2 * variance + 2 * length;
        }
        return variance;
      });
      expectVariance((start) => predictorCorrector(exact(vp), vp, grid, start, { predictor, correctorSteps, snr, noise: (i) => normals(i) }), expected, 0.07);
    }
  });

  it.each([
    ['reverseDiffusion', undefined],
    ['ancestral', ddpmAncestral],
    ['eulerMaruyama', eulerMaruyama],
  ] as const)('without corrector takes the steps of its predictor alone: %s', (predictor, sampler) =>
    tf.tidy(() => {
      const [start, noise] = [normals(9, [2, 3]), (i: number) => normals(i, [2, 3])];
      const result = predictorCorrector(exact(vp), vp, grid, start, { predictor, correctorSteps: 0, noise });
      if (sampler) {
        expect(Number(tf.max(tf.abs(tf.sub(result, sampler(exact(vp), vp, grid, start, { noise })))).dataSync()[0])).toBeLessThan(3e-6);
        return;
      }
      expect(result.dataSync()).toEqual(predictorCorrector(exact(vp), vp, grid, start, { correctorSteps: 0, noise }).dataSync());
    }),
  );

  it('corrects by Langevin dynamics with ε = 2a·(r‖z‖/‖s‖)² of each sample, as often as asked, and counts the noise through', () =>
    tf.tidy(() => {
      const [start, asked] = [normals(9, [2, 3]), [] as number[]];
      const noise = (i: number) => (asked.push(i), normals(i, [2, 3]));
      const step = grid[4]!;
      const result = predictorCorrector(exact(vp), vp, [step], start, { correctorSteps: 2, noise });
      expect(asked).toEqual([0, 1, 2]);
      let x: tf.Tensor = start;
      const slope = (vp.alpha(step.t) * gainAt(vp, step.t) - 1) / vp.sigma(step.t) ** 2;
      for (let k = 0; k < 2; k++) {
        const [score, z] = [tf.mul(slope, x), normals(k, [2, 3])];
        const length = (at: tf.Tensor) => tf.norm(at, 2, 1, true);
        const size2 = tf.mul(2 * (vp.alpha(step.t) / vp.alpha(step.tPrev)) ** 2, tf.square(tf.div(tf.mul(0.16, length(z)), length(score))));
        x = tf.add(tf.add(x, tf.mul(size2, score)), tf.mul(tf.sqrt(tf.mul(2, size2)), z));
      }
      const c = reverseDiffusionCoefficients(vp, step);
      const expected = tf.add(tf.mul(c.x0 * gainAt(vp, step.t) + c.x, x), tf.mul(c.noise, normals(2, [2, 3])));
      expect(Number(tf.max(tf.abs(tf.sub(result, expected))).dataSync()[0])).toBeLessThan(1e-5);
      asked.length = 0;
      const two = predictorCorrector(exact(vp), vp, grid.slice(-2), start, { noise });
      expect(asked).toEqual([0, 1, 2]); // Two corrections and one step with noise: the last ends clean.
      expect(two.shape).toEqual([2, 3]);
    }));

  it.each([
    [{ correctorSteps: -1 }, 'correctorSteps -1'],
    [{ correctorSteps: 0.5 }, 'correctorSteps 0.5'],
    [{ snr: 0 }, 'snr 0 is not'],
    [{ snr: Number.NaN }, 'snr NaN'],
  ])('refuses %j', (options, message) => {
    tf.tidy(() => expect(() => predictorCorrector(exact(vp), vp, grid, tf.ones([1, 1]), { noise: () => tf.ones([1, 1]), ...options })).toThrow(message));
  });

  it('needs noise', () => {
    tf.tidy(() => expect(() => predictorCorrector(exact(vp), vp, grid, tf.ones([1, 1]))).toThrow('pass options.noise'));
  });
});

describe.each([
  ['ddim, η = 0.5', (x: tf.Tensor, o: object) => ddim(exact(edm), edm, noisy(6, edm), x, { eta: 0.5, ...o })],
  ['eulerAncestral', (x: tf.Tensor, o: object) => eulerAncestral(exact(edm), edm, noisy(6, edm), x, o)],
  ['sdeDpmSolverPp2M', (x: tf.Tensor, o: object) => sdeDpmSolverPp2M(exact(edm), edm, noisy(6, edm), x, o)],
  ['predictorCorrector', (x: tf.Tensor, o: object) => predictorCorrector(exact(edm), edm, noisy(6, edm), x, o)],
  ['heun with churn', (x: tf.Tensor, o: object) => heun(exact(edm), edm, noisy(6, edm), x, { churn: { strength: 1 }, ...o })],
] as const)('%s', (_, sample) => {
  it('leaves its result, its input, noise that was merely handed out, and nothing else, also when the noise throws', () => {
    const [x, z] = [normals(99, [3, 2]), normals(1, [3, 2])];
    const before = tf.memory().numTensors;
    const result = sample(x, { noise: () => z });
    expect([tf.memory().numTensors, z.isDisposed, x.isDisposed]).toEqual([before + 1, false, false]);
    const failing = (i: number) => {
      if (i === 2) throw new Error('no noise');
      return normals(i, [3, 2]);
    };
    expect(() => sample(x, { noise: failing })).toThrow('no noise');
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([x, z, result]);
  });
});

describe('ddimCoefficients', () => {
  it('with η between 0 and 1 keep the marginals of each level: signal α, variance σ²', () => {
    for (const eta of [0, 0.3, 0.7, 1]) {
      const process = vpProcess();
      const step = { t: 0.8, tPrev: 0.5 };
      const c = ddimCoefficients(process, step, eta);
      expect(c.x0 + c.x * process.alpha(0.8)).toBeCloseTo(process.alpha(0.5), 12);
      expect((c.x * process.sigma(0.8)) ** 2 + c.noise ** 2).toBeCloseTo(process.sigma(0.5) ** 2, 12);
    }
  });
});
