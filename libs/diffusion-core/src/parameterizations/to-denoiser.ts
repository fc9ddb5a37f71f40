import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { predictionToX0 } from './conversions.js';
import type { Denoiser, PredictionType, Predictor } from './denoiser.js';

/**
 * Reads a network's prediction as E[x₀ | x_t]. Nothing is clipped: wrap with `staticThreshold` to do so.
 * The returned function leaves only its result behind.
 */
export function toDenoiser(predict: Predictor, process: GaussianProcess, predictionType: PredictionType): Denoiser {
  return (x, t) => tf.tidy(() => predictionToX0(predictionType, predict(x, t), x, marginalCoefficients(process, t, x.rank)));
}
