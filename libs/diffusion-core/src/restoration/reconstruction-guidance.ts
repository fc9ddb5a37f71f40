import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { classifierGuidance } from '../guidance/classifier-guidance.js';
import type { Guidance } from '../guidance/guidance.js';
import type { LogLikelihood } from '../guidance/log-likelihood.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import type { LinearOperator } from './linear-operator.js';

/** What was measured: y = A·x₀ + N(0, τ²). */
export interface Measurement {
  readonly operator: LinearOperator;
  /** [B, …], as A gives it; kept, and must outlive what is made of it. */
  readonly y: tf.Tensor;
  /** τ, at least 0. @default 0 */
  readonly noise?: number;
}

/** How much is unknown of x₀ before anything is seen. */
export interface ReconstructionOptions {
  /** v: the variance of data, of each element. @default 1 */
  readonly dataVariance?: number;
  /** How often the gradient counts. @default 1, which is the posterior where x₀ given x_t is as normal as it is taken to be */
  readonly scale?: number;
}

/**
 * ln p(y | x_t) ≈ ln N(y; A·x̂₀(x_t), r²AAᵀ + τ²I): x₀ given x_t is taken for normal around x̂₀ with the variance r² = vσ²/(α²v + σ²) of each element
 * (Song, J. et al. 2023, ΠGDM, eq. 7–8; Ho et al. 2022b, eq. 7). Exact for data N(m, v·I).
 *
 * @throws LangevinError `invalid_argument` for a τ below 0 or a v that is not positive
 */
export function reconstructionLogLikelihood(denoiser: Denoiser, process: GaussianProcess, { operator, y, noise = 0 }: Measurement, { dataVariance = 1 }: ReconstructionOptions = {}): LogLikelihood {
  if (!(noise >= 0)) throw new LangevinError('invalid_argument', `the noise of a measurement is 0 or more, got ${noise}`);
  if (!(dataVariance > 0)) throw new LangevinError('invalid_argument', `the variance of data is above 0, got ${dataVariance}`);
  return (x, t) =>
    tf.tidy(() => {
      const { alpha, sigma } = marginalCoefficients(process, t, 2);
      const r2 = tf.div(tf.mul(dataVariance, tf.square(sigma)), tf.add(tf.mul(dataVariance, tf.square(alpha)), tf.square(sigma)));
      const residual = tf.reshape(tf.sub(y, operator.apply(denoiser(x, t))), [x.shape[0]!, -1]);
      const spread = tf.add(tf.mul(operator.rowNorm, r2), noise * noise);
      return tf.sum<tf.Tensor1D>(tf.div(tf.square(residual), tf.mul(-2, spread)), 1);
    });
}

/**
 * Guidance to images of which something was measured: inpainting with `maskOperator`, super-resolution with `averageOperator`. For every sampler; it asks for the
 * gradient through the denoiser at each step.
 *
 * @throws LangevinError `invalid_argument` as `reconstructionLogLikelihood`, and for a scale that is not finite
 */
export function reconstructionGuidance(process: GaussianProcess, measurement: Measurement, options: ReconstructionOptions = {}): Guidance {
  return (denoiser) => classifierGuidance(reconstructionLogLikelihood(denoiser, process, measurement, options), process, options.scale ?? 1)(denoiser);
}
