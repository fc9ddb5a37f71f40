import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { logLikelihoodGradient, type LogLikelihood } from '../guidance/log-likelihood.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import { sameTime } from './same-time.js';
import type { StepCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OdeOptions, type SamplerSteps } from './walk.js';

/**
 * Classifier guidance in mean form (Dhariwal & Nichol 2021, algorithm 1): a step with the mean μ and the variance Σ gets
 * the mean μ + γ·Σ·∇ₓ ln p(y | x_t). A step that adds no noise is not guided.
 */
export interface MeanGuidance {
  readonly logLikelihood: LogLikelihood;
  /** γ. */
  readonly classifierScale: number;
}

/** What every sampler takes besides the model and the grid. */
export interface SamplerOptions extends OdeOptions {
  /** Guides the mean of each noisy step. @default no guidance but what the denoiser brings */
  readonly meanGuidance?: MeanGuidance;
  /**
   * Standard normal noise shaped like x for the step at this index of the grid. Asked only where a step adds noise.
   * A tensor made inside is disposed of by the sampler; one that existed before is left alone.
   */
  readonly noise?: (stepIndex: number) => tf.Tensor;
}

/** The noise of a step. Throws LangevinError `invalid_argument` when there is none. */
export function freshNoise(options: Pick<SamplerOptions, 'noise'>, stepIndex: number): tf.Tensor {
  if (options.noise) return options.noise(stepIndex);
  throw new LangevinError('invalid_argument', `step ${stepIndex} adds noise: pass options.noise`);
}

function guidedMean(mean: tf.Tensor, deviation: number, x: tf.Tensor, t: tf.Tensor1D, guidance: MeanGuidance | undefined): tf.Tensor {
  if (guidance === undefined || guidance.classifierScale === 0) return mean;
  return tf.add(mean, tf.mul(guidance.classifierScale * deviation * deviation, logLikelihoodGradient(guidance.logLikelihood, x, t)));
}

/**
 * Applies x ← c.x0·x̂₀ + c.x·x + c.noise·z along a grid: the loop of the samplers that are linear in (x̂₀, x).
 *
 * @param x [B, …] start, kept
 */
export function linearSteps(
  denoiser: Denoiser,
  grid: readonly GridStep[],
  x: tf.Tensor,
  coefficientsOf: (step: GridStep) => StepCoefficients,
  options: SamplerOptions,
): SamplerSteps {
  return walk(grid, x, (step, index, current) => {
    const c = coefficientsOf(step);
    const t = sameTime(x, step.t);
    const mean = tf.add(tf.mul(c.x0, denoiser(current, t)), tf.mul(c.x, current));
    if (c.noise === 0) return [mean];
    return [tf.add(guidedMean(mean, c.noise, current, t, options.meanGuidance), tf.mul(c.noise, freshNoise(options, index)))];
  });
}
