import * as tf from '@tensorflow/tfjs-core';
import type { MarginalCoefficients } from '../processes/marginal-coefficients.js';
import type { PredictionType } from './denoiser.js';

/** x_t = αx₀ + σε. A new tensor; needs coefficients that broadcast to x₀. */
export function addNoise<T extends tf.Tensor>(x0: T, eps: T, { alpha, sigma }: MarginalCoefficients): T {
  return tf.tidy(() => tf.add(tf.mul(alpha, x0), tf.mul(sigma, eps)));
}

/**
 * x̂₀ from what a network predicted at x = αx₀ + σε:
 * ε ↦ (x − σε)/α, v ↦ (αx − σv)/(α² + σ²), score s ↦ (x + σ²s)/α. A new tensor shaped like x.
 */
export function predictionToX0<T extends tf.Tensor>(type: PredictionType, prediction: T, x: T, { alpha, sigma }: MarginalCoefficients): T {
  return tf.tidy(() => {
    switch (type) {
      case 'epsilon':
        return tf.div(tf.sub(x, tf.mul(sigma, prediction)), alpha);
      case 'sample':
        return tf.clone(prediction);
      case 'v_prediction':
        return tf.div(tf.sub(tf.mul(alpha, x), tf.mul(sigma, prediction)), tf.add(tf.square(alpha), tf.square(sigma)));
      case 'score':
        return tf.div(tf.add(x, tf.mul(tf.square(sigma), prediction)), alpha);
    }
  });
}

/**
 * The inverse of `predictionToX0`: what a network of this type would have predicted to mean x̂₀. For `epsilon` and
 * `score` it divides by σ: keep away from σ = 0. A new tensor shaped like x.
 */
export function x0ToPrediction<T extends tf.Tensor>(type: PredictionType, x0: T, x: T, { alpha, sigma }: MarginalCoefficients): T {
  return tf.tidy(() => {
    const residual = tf.sub(x, tf.mul(alpha, x0));
    switch (type) {
      case 'epsilon':
        return tf.div(residual, sigma);
      case 'sample':
        return tf.clone(x0);
      case 'v_prediction':
        return tf.sub(tf.mul(alpha, tf.div(residual, sigma)), tf.mul(sigma, x0));
      case 'score':
        return tf.neg(tf.div(residual, tf.square(sigma)));
    }
  });
}

/**
 * What a network of this type learns to predict from (x₀, ε): ε, x₀, αε − σx₀, or −ε/σ (Vincent 2011: the denoising
 * score). A new tensor shaped like x₀.
 */
export function trainingTarget<T extends tf.Tensor>(type: PredictionType, x0: T, eps: T, { alpha, sigma }: MarginalCoefficients): T {
  return tf.tidy(() => {
    switch (type) {
      case 'epsilon':
        return tf.clone(eps);
      case 'sample':
        return tf.clone(x0);
      case 'v_prediction':
        return tf.sub(tf.mul(alpha, eps), tf.mul(sigma, x0));
      case 'score':
        return tf.neg(tf.div(eps, sigma));
    }
  });
}
