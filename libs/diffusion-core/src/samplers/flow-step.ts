import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { noiseRatio } from './noise-ratio.js';
import { sameTime } from './same-time.js';
import { ddimCoefficients } from './step-coefficients.js';

/** What a denoiser makes of x at a time with σ > 0: x̂₀, and ε̂ = (x − α·x̂₀)/σ, the slope of x/α over ρ = σ/α along the probability flow. New tensors. */
export interface Prediction {
  readonly x0: tf.Tensor;
  readonly eps: tf.Tensor;
}

/** Asks the denoiser. */
export function predict(denoiser: Denoiser, process: GaussianProcess, x: tf.Tensor, t: number): Prediction {
  const x0 = denoiser(x, sameTime(x, t));
  return { x0, eps: tf.div(tf.sub(x, tf.mul(process.alpha(t), x0)), process.sigma(t)) };
}

/** Σ wᵢ·tensorᵢ. A new tensor. */
export function weightedSum(terms: readonly (readonly [number, tf.Tensor])[]): tf.Tensor {
  return terms.map(([weight, tensor]) => tf.mul(weight, tensor)).reduce((sum, term) => tf.add(sum, term));
}

/**
 * A step down the probability flow from time t to time s with the mean slope ε̂ + bend: x_s/α_s = x/α_t + (ρ_s − ρ_t)·(ε̂ + bend) (Song, Meng & Ermon 2021, eq. 13;
 * Liu et al. 2022, eq. 9). Without a bend it is DDIM's. x and x̂₀ are added, not x and ε̂, which nearly cancel where α is small. A new tensor.
 */
export function flowStep(process: GaussianProcess, x: tf.Tensor, x0: tf.Tensor, t: number, s: number, bend?: tf.Tensor): tf.Tensor {
  const c = ddimCoefficients(process, { t, tPrev: s }, 0);
  const straight: [number, tf.Tensor][] = [[c.x0, x0], [c.x, x]];
  return weightedSum(bend ? [...straight, [process.sigma(s) - process.alpha(s) * noiseRatio(process, t), bend]] : straight);
}
