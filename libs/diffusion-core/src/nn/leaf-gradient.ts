import * as tf from '@tensorflow/tfjs-core';
import { simpleLoss } from '../losses/index.js';
import { trainingTarget, type PredictionType } from '../parameterizations/index.js';
import { noisyImages, type LeafBatch } from './leaf-batch.js';
import { lossGradient, type LeafGradient } from './loss-gradient.js';
import { areaDownsampled, besideLowResolution } from './low-resolution.js';
import { meanOutput } from './mean-output.js';
import type { UNet2D } from './unet2d.js';

/**
 * Gradient of the simple loss (Ho et al. 2020, equation 14, with the target of `predictionType`) over one micro-batch;
 * ℓ_i is the mean squared error over the pixels of sample i. The caller owns the two tensors of the result; every
 * intermediate tensor is gone, `parameters` and `batch` stay. A variance that the network learns has no part in this loss.
 *
 * @param parameters tensors of `model.layout`, as `splitParameters` gives them
 * @throws LangevinError `invalid_argument` when shapes do not fit the model
 */
export function leafGradient(model: UNet2D, parameters: readonly tf.Tensor[], batch: LeafBatch, predictionType: PredictionType): LeafGradient {
  return tf.tidy(() => {
    const { x0, eps, t, labels, weights } = batch;
    const { x, coefficients } = noisyImages(batch);
    const target = trainingTarget(predictionType, x0, eps, coefficients);
    const { low_resolution: low } = model.config;
    const seen = besideLowResolution(model.config, x, low && areaDownsampled(x0, low.factor));
    return lossGradient(model.layout, parameters, () => simpleLoss(meanOutput(model.config, model.apply(parameters, seen, t, labels)), target, weights).lossSum);
  });
}
