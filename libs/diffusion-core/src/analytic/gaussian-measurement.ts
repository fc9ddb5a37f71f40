import * as tf from '@tensorflow/tfjs-core';
import type { LogLikelihood } from '../guidance/log-likelihood.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import type { GaussianData } from './gaussian.js';

/** A measurement of every element of x₀ with Gaussian error: y = x₀ + N(0, errorVariance). */
export interface GaussianMeasurement {
  /** What was measured. */
  readonly y: number;
  /** τ², at least 0. */
  readonly errorVariance: number;
}

/**
 * ln p(y | x_t) up to a constant of a noisy measurement of Gaussian data, exact at every noise level: what a perfectly
 * trained classifier would give. With v̂ = vσ²/(α²v + σ²), the variance of x₀ given x_t, it is
 * −(y − E[x₀ | x_t])² / 2(v̂ + τ²), summed over the elements of each sample.
 */
export function measurementLogLikelihood(process: GaussianProcess, { mean, variance }: GaussianData, { y, errorVariance }: GaussianMeasurement): LogLikelihood {
  return (x, t) =>
    tf.tidy(() => {
      const { alpha, sigma } = marginalCoefficients(process, t, x.rank);
      const total = tf.add(tf.mul(tf.square(alpha), variance), tf.square(sigma));
      const estimate = tf.add(mean, tf.mul(tf.div(tf.mul(alpha, variance), total), tf.sub(x, tf.mul(alpha, mean))));
      const spread = tf.add(tf.div(tf.mul(tf.square(sigma), variance), total), errorVariance);
      const exponents = tf.div(tf.square(tf.sub(y, estimate)), tf.mul(-2, spread));
      return tf.sum<tf.Tensor1D>(tf.reshape(exponents, [x.shape[0] ?? 1, -1]), 1);
    });
}
