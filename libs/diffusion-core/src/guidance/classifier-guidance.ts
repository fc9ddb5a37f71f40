import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import type { Guidance } from './guidance.js';
import { logLikelihoodGradient, type LogLikelihood } from './log-likelihood.js';

/**
 * Scale γ of classifier guidance: the gradient counts γ times. γ = 0 does not guide; γ = 1 samples p(x | y) if denoiser
 * and classifier are exact. Any other γ samples no law that can be written down, in particular not p(x)·p(y | x)^γ
 * (Bradley & Nakkiran 2024).
 */
export type ClassifierScale = number;

/**
 * Classifier guidance in score form: the score becomes s + γ·∇ₓ ln p(y | x_t) (Song et al. 2021, eq. 47–50), which is
 * ε̂ − γσ·∇ₓ ln p (Dhariwal & Nichol 2021, algorithm 2) and x̂₀ + γ·σ²/α·∇ₓ ln p. For every sampler. Denoiser in,
 * denoiser out; at γ = 0 the denoiser itself.
 *
 * @throws LangevinError `invalid_argument` unless γ is finite
 */
export function classifierGuidance(logLikelihood: LogLikelihood, process: GaussianProcess, classifierScale: ClassifierScale): Guidance {
  if (!Number.isFinite(classifierScale)) throw new LangevinError('invalid_argument', `classifierScale ${classifierScale} is not a finite number`);
  if (classifierScale === 0) return (denoiser) => denoiser;
  return (denoiser) => (x, t) =>
    tf.tidy(() => {
      const { alpha, sigma } = marginalCoefficients(process, t, x.rank);
      const factor = tf.mul(classifierScale, tf.div(tf.square(sigma), alpha));
      return tf.add(denoiser(x, t), tf.mul(factor, logLikelihoodGradient(logLikelihood, x, t)));
    });
}
