import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { predictionToX0 } from './conversions.js';
import type { PredictionType, Predictor } from './denoiser.js';

/** What a network with a learned variance says of a batch: two new tensors shaped like x. */
export type MeanAndVariance = {
  /** E[x₀ | x_t]. */
  readonly x0: tf.Tensor;
  /** How far the logarithm of the variance of a reverse step lies from that of β̃, 0, to that of β, 1. */
  readonly fraction: tf.Tensor;
};

/** A denoiser that knows the variance of its steps too. */
export type VarianceDenoiser = (x: tf.Tensor, t: tf.Tensor1D) => MeanAndVariance;

/**
 * The two halves of the output of a network of 2C channels, [B, …, 2C]: the prediction, and v, of which fraction = (v + 1)/2 (Nichol & Dhariwal 2021,
 * §3.1, whose v of eq. 15 this fraction is). Two new tensors [B, …, C].
 *
 * @throws LangevinError `invalid_argument` for an odd number of channels
 */
export function splitLearnedVariance(output: tf.Tensor): { prediction: tf.Tensor; fraction: tf.Tensor } {
  const channels = output.shape.at(-1) ?? 0;
  if (channels % 2 !== 0) throw new LangevinError('invalid_argument', `a network that learns its variance has twice the channels of an image, got ${channels}`);
  return tf.tidy(() => {
    const [prediction, v] = tf.split(output, 2, -1) as [tf.Tensor, tf.Tensor]; // Two were asked for.
    return { prediction, fraction: tf.div(tf.add(v, 1), 2) };
  });
}

/** Reads a network of 2C channels, trained with `hybridLoss` or on the bound, as a denoiser that knows the variance of its steps. */
export function toVarianceDenoiser(predict: Predictor, process: GaussianProcess, predictionType: PredictionType): VarianceDenoiser {
  return (x, t) =>
    tf.tidy(() => {
      const { prediction, fraction } = splitLearnedVariance(predict(x, t));
      return { x0: predictionToX0(predictionType, prediction, x, marginalCoefficients(process, t, x.rank)), fraction };
    });
}
