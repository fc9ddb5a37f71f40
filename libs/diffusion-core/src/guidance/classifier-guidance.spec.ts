import * as tf from '@tensorflow/tfjs-core';
import '../nn/testing/gradients.js';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { measurementLogLikelihood } from '../analytic/gaussian-measurement.js';
import { x0ToPrediction } from '../parameterizations/conversions.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { ddim } from '../samplers/ddim.js';
import { ddpmAncestral } from '../samplers/ddpm-ancestral.js';
import { ancestralCoefficients, ddimCoefficients, type StepCoefficients } from '../samplers/step-coefficients.js';
import { timestepGrid, type GridStep } from '../samplers/timestep-grid.js';
import { classifierGuidance } from './classifier-guidance.js';
import { logLikelihoodGradient } from './log-likelihood.js';

// x₀ ~ N(0, 1), y = x₀ + N(0, τ²) with τ² = 1 and y = 1: p(x₀ | y) = N(½, ½).
const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const [tau2, y] = [1, 1];
const prior = gaussianDenoiser(process, { mean: 0, variance: 1 });
const posterior = gaussianDenoiser(process, { mean: y / (1 + tau2), variance: tau2 / (1 + tau2) });
const measured = measurementLogLikelihood(process, { mean: 0, variance: 1 }, { y, errorVariance: tau2 });
const guided = (scale: number) => classifierGuidance(measured, process, scale)(prior);

const points = () => tf.tensor2d([[-2], [0.3], [1.7]]);
const times = () => tf.tensor1d([20, 400, 900]);
const largest = (a: tf.Tensor, b: tf.Tensor) => Math.max(...tf.abs(tf.sub(a, b)).dataSync());

/** Mean and variance of what a sampler draws, and both in closed form, step by step, in double precision. */
interface Law {
  readonly mean: number;
  readonly variance: number;
}
const start: Law = { mean: 0, variance: 1 };

/**
 * Score form: x̂₀ = αx + γσ²(y − αx)/(σ² + τ²) is affine in x, and so is a step: x ← a·x + b + noise.
 */
function scoreLaw(grid: readonly GridStep[], scale: number, coefficientsOf: (step: GridStep) => StepCoefficients): Law {
  return grid.reduce(({ mean, variance }, step) => {
    const [alpha, sigma2] = [process.alpha(step.t), process.sigma(step.t) ** 2];
    const pull = (scale * sigma2) / (sigma2 + tau2);
    const c = coefficientsOf(step);
    const a = c.x0 * alpha * (1 - pull) + c.x;
    return { mean: a * mean + c.x0 * pull * y, variance: a ** 2 * variance + c.noise ** 2 };
  }, start);
}

/** Mean form: the mean of a step moves by γ·Σ·α(y − αx)/(σ² + τ²). */
function meanLaw(grid: readonly GridStep[], scale: number): Law {
  return grid.reduce(({ mean, variance }, step) => {
    const [alpha, sigma2] = [process.alpha(step.t), process.sigma(step.t) ** 2];
    const c = ancestralCoefficients(process, step, 'fixed_small');
    const pull = (scale * c.noise ** 2 * alpha) / (sigma2 + tau2);
    const a = c.x0 * alpha + c.x - pull * alpha;
    return { mean: a * mean + pull * y, variance: a ** 2 * variance + c.noise ** 2 };
  }, start);
}
const ancestral = (step: GridStep) => ancestralCoefficients(process, step, 'fixed_small');
const deterministic = (step: GridStep) => ddimCoefficients(process, step, 0);
const all = timestepGrid(1000, 'leading');

describe('logLikelihoodGradient', () => {
  it('is the derivative of each sample in its own x: α(y − αx)/(σ² + τ²)', () =>
    tf.tidy(() => {
      const { alpha, sigma } = marginalCoefficients(process, times(), 2);
      const expected = tf.div(tf.mul(alpha, tf.sub(y, tf.mul(alpha, points()))), tf.add(tf.square(sigma), tau2));
      expect(largest(logLikelihoodGradient(measured, points(), times()), expected)).toBeLessThan(1e-6);
    }));

  it('leaves one tensor behind', () => {
    const [x, t] = [points(), times()];
    const before = tf.memory().numTensors;
    const gradient = logLikelihoodGradient(measured, x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([x, t, gradient]);
  });
});

describe('classifierGuidance', () => {
  it('at γ = 1 makes the exact denoiser of p(x) that of p(x | y), at every noise level', () =>
    tf.tidy(() => expect(largest(guided(1)(points(), times()), posterior(points(), times()))).toBeLessThan(1e-6)));

  it('at γ = 0 is the denoiser itself and never asks the classifier', () => {
    expect(classifierGuidance(() => { throw new Error('asked'); }, process, 0)(prior)).toBe(prior);
  });

  it.each([0.5, 1, 2, 7])('moves ε̂ by −γσ∇ and the score by γ∇ (γ = %d; Dhariwal & Nichol, algorithm 2)', (scale) =>
    tf.tidy(() => {
      const [x, t] = [points(), times()];
      const coefficients = marginalCoefficients(process, t, 2);
      const gradient = logLikelihoodGradient(measured, x, t);
      const [after, before] = (['epsilon', 'score'] as const).map((type) => [guided(scale), prior].map((denoiser) => x0ToPrediction(type, denoiser(x, t), x, coefficients))) as [tf.Tensor[], tf.Tensor[]];
      expect(largest(tf.sub(after[0]!, after[1]!), tf.mul(-scale, tf.mul(coefficients.sigma, gradient)))).toBeLessThan(1e-5);
      // The score is ε̂/σ², and σ is 0.06 at the smallest of these times.
      expect(largest(tf.sub(before[0]!, before[1]!), tf.mul(scale, gradient))).toBeLessThan(1e-3);
    }),
  );

  it('leaves only its result behind', () => {
    const [x, t] = [points(), times()];
    const before = tf.memory().numTensors;
    const result = guided(2)(x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([x, t, result]);
  });

  it.each([Number.NaN, Infinity])('refuses the scale %s', (scale) => {
    expect(() => classifierGuidance(measured, process, scale)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: `classifierScale ${scale} is not a finite number` }));
  });
});

// The laws themselves, in the limit of many steps, to the error of 1000 of them.
describe('what guided sampling draws', () => {
  it.each([
    ['the ODE (ddim) at γ = 1 is the posterior', scoreLaw(all, 1, deterministic), 0.5, 0.5],
    ['the reverse SDE (ddpm) at γ = 1 is the posterior', scoreLaw(all, 1, ancestral), 0.5, 0.5],
    ['the reverse SDE in mean form at γ = 1 is the posterior', meanLaw(all, 1), 0.5, 0.5],
    ['the ODE at γ = 2 is N(.81161, ¼)', scoreLaw(all, 2, deterministic), 0.81161, 0.25],
    ['the reverse SDE at γ = 2 is N(¾, .29166)', scoreLaw(all, 2, ancestral), 0.75, 0.29166],
    ['the reverse SDE in mean form at γ = 2 is N(¾, .29166)', meanLaw(all, 2), 0.75, 0.29166],
  ])('%s', (_, law, mean, variance) => {
    expect(Math.abs(law.mean - mean)).toBeLessThan(6e-3);
    expect(Math.abs(law.variance - variance)).toBeLessThan(6e-3);
  });

  it('is not the tempered p(x)·p(y | x)² = N(⅔, ⅓) at γ = 2, whichever way it is drawn', () => {
    for (const law of [scoreLaw(all, 2, deterministic), scoreLaw(all, 2, ancestral), meanLaw(all, 2)]) {
      expect(Math.abs(law.mean - 2 / 3)).toBeGreaterThan(0.05);
      expect(Math.abs(law.variance - 1 / 3)).toBeGreaterThan(0.03);
    }
  });

  it.each([1, 2])('with ddim is the closed recursion, exactly (γ = %d)', (scale) =>
    tf.tidy(() => {
      const grid = timestepGrid(25, 'leading');
      const law = scoreLaw(grid, scale, deterministic);
      // A deterministic affine map: where 0 and 1 go says all of it.
      const [zero, one] = ddim(guided(scale), process, grid, tf.tensor2d([[0], [1]])).dataSync();
      expect(Math.abs(zero! - law.mean)).toBeLessThan(1e-5);
      expect(Math.abs((one! - zero!) ** 2 - law.variance)).toBeLessThan(1e-5);
    }),
  );

  it.each(['score', 'mean'] as const)('with ddpm in %s form is the closed recursion (γ = 2; 4 standard errors of 4,000 samples, seed 7)', (form) => {
    const [size, grid, scale] = [4000, timestepGrid(25, 'leading'), 2];
    const law = form === 'score' ? scoreLaw(grid, scale, ancestral) : meanLaw(grid, scale);
    // One sample a row: rows must not see each other.
    const noise = (step: number) => tf.tensor2d(new PhiloxStream({ seed: 7, purpose: 'samplerNoise', step }).fillNormal(new Float32Array(size)), [size, 1]);
    const { mean, variance } = tf.tidy(() => {
      const x = noise(5000);
      const guidance = { logLikelihood: measured, classifierScale: scale };
      const drawn = form === 'score' ? ddpmAncestral(guided(scale), process, grid, x, { noise }) : ddpmAncestral(prior, process, grid, x, { noise, meanGuidance: guidance });
      const moments = tf.moments(drawn);
      return { mean: moments.mean.dataSync()[0]!, variance: moments.variance.dataSync()[0]! };
    });
    expect(Math.abs(mean - law.mean)).toBeLessThan(4 * Math.sqrt(law.variance / size));
    expect(Math.abs(variance / law.variance - 1)).toBeLessThan(4 * Math.sqrt(2 / size));
  });

  it('is the same in score and mean form up to α_s/α_t when the step has the variance fixed_large', () =>
    tf.tidy(() => {
      const step = { t: 600, tPrev: 500 };
      const still = { noise: () => tf.zeros([3, 1]), varianceType: 'fixed_large' } as const;
      const x = points();
      const plain = ddpmAncestral(prior, process, [step], x, still);
      const score = tf.sub(ddpmAncestral(guided(2), process, [step], x, still), plain);
      const mean = tf.sub(ddpmAncestral(prior, process, [step], x, { ...still, meanGuidance: { logLikelihood: measured, classifierScale: 2 } }), plain);
      expect(largest(score, tf.mul(process.alpha(500) / process.alpha(600), mean))).toBeLessThan(1e-5);
    }));

  it('is refused in mean form by a sampler that adds no noise', () =>
    tf.tidy(() => {
      const meanGuidance = { logLikelihood: measured, classifierScale: 1 };
      expect(() => ddim(prior, process, timestepGrid(5, 'leading'), points(), { meanGuidance })).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining('use the score form') }));
    }));
});
