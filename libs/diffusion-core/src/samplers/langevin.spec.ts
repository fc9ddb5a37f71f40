import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { measurementLogLikelihood } from '../analytic/gaussian-measurement.js';
import { classifierGuidance } from '../guidance/classifier-guidance.js';
import { edmProcess } from '../processes/edm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { annealedLangevin } from './annealed-langevin.js';
import { eulerMaruyama } from './euler-maruyama.js';
import { langevin, langevinCorrector, type Score } from './langevin.js';
import { decayingStepSize, energyScore } from './sgld.js';
import { eulerMaruyamaCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';

const size = 8000;
const normals = (step: number, shape: [number, number] = [1, size]) =>
  tf.tensor2d(new PhiloxStream({ seed: 5, purpose: 'samplerNoise', step }).fillNormal(new Float32Array(shape[0] * shape[1])), shape);

/** Mean and variance of all elements; disposes of x. */
function momentsOf(x: tf.Tensor): { mean: number; variance: number } {
  const { mean, variance } = tf.tidy(() => {
    const moments = tf.moments(x);
    return { mean: moments.mean.dataSync()[0]!, variance: moments.variance.dataSync()[0]! };
  });
  tf.dispose(x);
  return { mean, variance };
}

/** Within four standard errors of a normal law with this mean and variance. */
function expectLaw(x: tf.Tensor, law: { mean: number; variance: number }): void {
  const { mean, variance } = momentsOf(x);
  expect(Math.abs(variance / law.variance - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
  expect(Math.abs(mean - law.mean)).toBeLessThan(4 * Math.sqrt(law.variance / size));
}

describe('langevin', () => {
  it.each([
    [0.5, 1],
    [1.5, 1],
    [0.1, 0.3],
  ])('with ε = %d has the stationary variance v/(1 − ε/4v) of the discrete chain on N(0, v), v = %d', (stepSize, variance) => {
    const start = normals(1000);
    expectLaw(langevin((x) => tf.div(x, -variance), start, { steps: Math.ceil((20 * variance) / stepSize), stepSize, noise: (i) => normals(i) }), { mean: 0, variance: variance / (1 - stepSize / 4 / variance) });
    tf.dispose(start);
  });

  it('leaves its result, its input and nothing else, tells of each step, and takes none with 0 steps', () => {
    const x = normals(7, [3, 2]);
    const before = tf.memory().numTensors;
    const steps: number[] = [];
    const noise = (i: number) => normals(i, [3, 2]);
    const end = langevin(tf.neg, x, { steps: 3, stepSize: 0.1, noise, onStep: (index) => void steps.push(index) });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(steps).toEqual([0, 1, 2]);
    const none = langevin(tf.neg, x, { steps: 0, stepSize: 0.1, noise });
    expect(none.dataSync()).toEqual(x.dataSync());
    const failing = () => {
      throw new Error('no noise');
    };
    expect(() => langevin(tf.neg, x, { steps: 2, stepSize: 0.1, noise: failing })).toThrow('no noise');
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([x, end, none]);
  });

  it('with a score that is estimated, with variance V, has the variance (v + ¼εvV)/(1 − ε/4v): SGLD with a constant step', () => {
    const [variance, estimate, stepSize] = [0.5, 9, 0.4];
    const start = normals(1000);
    const score: Score = (x, step) => tf.add(tf.div(x, -variance), tf.mul(Math.sqrt(estimate), normals(2000 + step)));
    expectLaw(langevin(score, start, { steps: 40, stepSize, noise: (i) => normals(i) }), { mean: 0, variance: (variance + (stepSize * variance * estimate) / 4) / (1 - stepSize / 4 / variance) });
    tf.dispose(start);
  });

  it('on a static energy, estimated from one of two parts of the data at a time, comes to its law with decaying steps', () => {
    // U = Σ ½(x − yₖ)²/vₖ: N(m, v) with precision Σ 1/vₖ. Twice one of both parts is unbiased.
    const parts = [{ y: 1.5, v: 0.5 }, { y: -1, v: 2 }];
    const [precision, weighted] = [1 / 0.5 + 1 / 2, 1.5 / 0.5 - 1 / 2];
    const steps = decayingStepSize({ a: 0.4, b: 4, gamma: 1 });
    const start = normals(1000);
    const choice = (step: number) => new PhiloxStream({ seed: 3, purpose: 'permutation', step }).uniformInt(2);
    const energy = (x: tf.Tensor, step: number): tf.Tensor => {
      const part = parts[choice(step)]!;
      return tf.mul(1 / part.v, tf.square(tf.sub(x, part.y))); // 2·½
    };
    const run = { steps: 150, stepSize: steps, noise: (i: number) => normals(i) };
    // All samples share their part of each step, so their mean is that of the recursion; each has the variance of the chain.
    let [mean, variance] = [0, 1];
    for (let i = 0; i < run.steps; i++) {
      const { y, v } = parts[choice(i)]!;
      const factor = 1 - steps(i) / v;
      [mean, variance] = [factor * mean + (steps(i) * y) / v, factor ** 2 * variance + steps(i)];
    }
    expectLaw(langevin(energyScore(energy), start, run), { mean, variance });
    expect(Math.abs(variance * precision - 1)).toBeLessThan(0.1);
    expect(Math.abs(mean - weighted / precision)).toBeLessThan(0.15);
    tf.dispose(start);
  });

  it('takes the step of each index, and refuses one that is none', () => {
    const x = tf.zeros([1, 1]);
    const end = langevin(tf.zerosLike, x, { steps: 2, stepSize: (i) => [4, 9][i]!, noise: () => tf.ones([1, 1]) });
    expect(end.dataSync()[0]).toBe(5);
    expect(() => langevin(tf.zerosLike, x, { steps: 2, stepSize: (i) => 1 - i, noise: () => tf.ones([1, 1]) })).toThrow('stepSize 0 is not a positive number');
    expect(() => langevin(tf.zerosLike, x, { steps: 1, stepSize: Number.POSITIVE_INFINITY, noise: () => tf.ones([1, 1]) })).toThrow('stepSize Infinity');
    tf.dispose([x, end]);
  });

  it.each([
    [{ steps: -1, stepSize: 1 }, 'steps -1'],
    [{ steps: 1.5, stepSize: 1 }, 'steps 1.5'],
    [{ steps: 1, stepSize: 0 }, 'stepSize 0'],
    [{ steps: 1, stepSize: Number.NaN }, 'stepSize NaN'],
  ])('refuses %j', (options, message) => {
    tf.tidy(() => expect(() => langevin(tf.neg, tf.zeros([1]), { ...options, noise: () => tf.zeros([1]) })).toThrow(message));
  });
});

describe('energyScore', () => {
  it('is −∇U of each sample, and leaves nothing else behind', () => {
    const x = tf.tensor2d([[1, 2], [-3, 0.5]]);
    const before = tf.memory().numTensors;
    const score = energyScore((at, step) => tf.sum(tf.mul(step, tf.pow(at, 3)), 1))(x, 2);
    expect(tf.memory().numTensors).toBe(before + 1);
    [-6, -24, -54, -1.5].forEach((value, i) => expect(Math.abs(score.dataSync()[i]! - value)).toBeLessThan(1e-5 * Math.abs(value)));
    tf.dispose([x, score]);
  });
});

describe('decayingStepSize', () => {
  it('is a·(b + t)^−γ', () => {
    expect([0, 3].map(decayingStepSize({ a: 2, b: 1, gamma: 1 }))).toEqual([2, 0.5]);
    expect(decayingStepSize({ a: 2 })(3)).toBeCloseTo(2 / 4 ** 0.55, 12);
  });

  it.each([{ a: 0 }, { a: 1, b: 0 }, { a: 1, gamma: 0.5 }, { a: 1, gamma: 1.01 }, { a: Number.NaN }])('refuses %j', (options) => {
    expect(() => decayingStepSize(options)).toThrow(`got ${options.a}, ${options.b ?? 1} and ${options.gamma ?? 0.55}`);
  });
});

/** Data N(0, 1), measured as y = 1 with the error N(0, 1). */
const vp = vpProcess();
const data = { mean: 0, variance: 1 };
const guided = (gamma: number) => classifierGuidance(measurementLogLikelihood(vp, data, { y: 1, errorVariance: 1 }), vp, gamma)(gaussianDenoiser(vp, data));
const evenGrid = (n: number, last: number): GridStep[] => Array.from({ length: n }, (_, i) => ({ t: 1 + (i / n) * (last - 1), tPrev: 1 + ((i + 1) / n) * (last - 1) }));

// What reverse diffusion samples with the same guidance: classifier-guidance.spec.ts.
describe('temperature: guidance of scale γ', () => {
  it.each([1, 2, 4])('by the corrector samples p_t(x)·p_t(y|x)^γ, at a small t the tempered posterior: γ = %d', (gamma) => {
    const [t, stepSize] = [0.01, 0.2];
    const [alpha, sigma] = [vp.alpha(t), vp.sigma(t)];
    // p_t is N(0, 1); p_t(y|x) is N(y; αx, σ² + 1).
    const precision = 1 + (gamma * alpha * alpha) / (sigma * sigma + 1);
    const mean = (gamma * alpha) / (sigma * sigma + 1) / precision;
    const start = normals(1000);
    const x = langevinCorrector(guided(gamma), vp, t, start, { steps: 50, stepSize, noise: (i) => normals(i) });
    expectLaw(x, { mean, variance: 1 / precision / (1 - (stepSize * precision) / 4) });
    tf.dispose(start);
    // The tempered posterior itself has variance τ²/(τ² + γ) and mean γ·y/(τ² + γ).
    expect(Math.abs(1 / precision - 1 / (1 + gamma))).toBeLessThan(0.002);
    expect(Math.abs(mean - gamma / (1 + gamma))).toBeLessThan(0.002);
  });
});

describe('eulerMaruyama', () => {
  it('samples with the moments of its recursion, which come to those of the data', () => {
    const process = vpProcess();
    const grid = evenGrid(60, 0.01);
    let variance = 1;
    for (const step of grid) {
      const c = eulerMaruyamaCoefficients(process, step);
      const [alpha, sigma] = [process.alpha(step.t), process.sigma(step.t)];
      variance = (c.x0 * ((0.25 * alpha) / (0.25 * alpha ** 2 + sigma ** 2)) + c.x) ** 2 * variance + c.noise ** 2;
    }
    const start = normals(1000);
    expectLaw(eulerMaruyama(gaussianDenoiser(process, { mean: 0, variance: 0.25 }), process, grid, start, { noise: (i) => normals(i) }), { mean: 0, variance });
    tf.dispose(start);
  });

  it('adds no noise in a last step to clean data', () => {
    expect(eulerMaruyamaCoefficients(vp, { t: 0.01, tPrev: 0 }).noise).toBe(0);
    expect(eulerMaruyamaCoefficients(vp, { t: 0.02, tPrev: 0.01 }).noise).toBeCloseTo(Math.sqrt(0.01 * vp.diffusion2(0.02)), 12);
  });
});

describe('annealedLangevin', () => {
  const process: GaussianProcess = edmProcess({ sigmaMax: 10 });
  const denoiser = gaussianDenoiser(process, { mean: 3, variance: 0.25 });

  it('comes from a wide start to the data, with the variance of the chain at the last noise', () => {
    const times = [4, 2, 1, 0.5];
    const start = tf.tidy(() => tf.mul(4, normals(1000)));
    const epsilon = 0.1;
    const x = annealedLangevin(denoiser, process, times, start, { stepsPerNoise: 30, epsilon, noise: (i) => normals(i) });
    const variance = 0.25 + 0.25;
    expectLaw(x, { mean: 3, variance: variance / (1 - epsilon / 4 / variance) });
    tf.dispose(start);
  });

  it('takes ε·σᵢ²/σ_L² as its step at each noise, and tells of each', () => {
    const noises: number[] = [];
    const x = tf.tidy(() => annealedLangevin((at) => tf.clone(at), process, [2, 1], tf.zeros([1, 1]), { stepsPerNoise: 1, epsilon: 0.25, noise: () => tf.ones([1, 1]), onStep: (_, at) => void noises.push(at.dataSync()[0]!) }));
    // The score of x̂₀ = x is 0: each step adds the root of its size, 2·√¼ and then √¼.
    expect(noises).toEqual([1, 1.5]);
    tf.dispose(x);
  });

  it.each([[[]], [[1, 2]], [[1, 1]], [[1, Number.NaN]], [[1, 0]]])('refuses the noises %j', (times) => {
    tf.tidy(() => expect(() => annealedLangevin(denoiser, process, times, tf.zeros([1, 1]), { noise: () => tf.zeros([1, 1]) })).toThrow(/noises must fall|lies outside/));
  });

  it('has no score where data are clean', () => {
    tf.tidy(() => expect(() => langevinCorrector(denoiser, process, 0, tf.zeros([1, 1]), { steps: 1, stepSize: 1, noise: () => tf.zeros([1, 1]) })).toThrow('at time 0 data are clean'));
  });
});
