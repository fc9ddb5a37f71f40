import * as tf from '@tensorflow/tfjs-core';
import { x0ToPrediction } from '../parameterizations/conversions.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';

/** Data whose elements are independent, each N(mean, variance). */
export interface GaussianData {
  readonly mean: number;
  /** At least 0. */
  readonly variance: number;
}

/**
 * The exact denoiser of Gaussian data: E[x₀ | x] = m + αv/(α²v + σ²)·(x − αm), the mean of the product of two normal
 * densities. What a perfectly trained network would return.
 */
export function gaussianDenoiser(process: GaussianProcess, { mean, variance }: GaussianData): Denoiser {
  return (x, t) =>
    tf.tidy(() => {
      const { alpha, sigma } = marginalCoefficients(process, t, x.rank);
      const total = tf.add(tf.mul(tf.square(alpha), variance), tf.square(sigma));
      const gain = tf.div(tf.mul(alpha, variance), total);
      return tf.add(mean, tf.mul(gain, tf.sub(x, tf.mul(alpha, mean))));
    });
}

/** The exact score ∇ ln p_t(x) that belongs to a denoiser: (α·E[x₀|x] − x)/σ² (Tweedie's formula; Efron 2011). */
export function scoreOf(denoiser: Denoiser, process: GaussianProcess): Denoiser {
  return (x, t) => tf.tidy(() => x0ToPrediction('score', denoiser(x, t), x, marginalCoefficients(process, t, x.rank)));
}
