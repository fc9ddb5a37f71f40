import * as tf from '@tensorflow/tfjs-core';
import type { UNet2DConfig } from '@langevin/contracts';
import { simpleLoss } from '../losses/index.js';
import { trainingTarget, type PredictionType } from '../parameterizations/index.js';
import type { MarginalCoefficients } from '../processes/index.js';
import { noisyImages, type LeafBatch } from './leaf-batch.js';
import { lossGradient, type LeafGradient } from './loss-gradient.js';
import { areaDownsampled, besideLowResolution } from './low-resolution.js';
import { meanOutput } from './mean-output.js';
import type { UNet2D } from './unet2d.js';

/** What a loss is computed of: a micro-batch, and what the network says of it. All tensors are kept. */
export interface LossInputs {
  /** [B, H, W, C], or twice the channels. */
  readonly output: tf.Tensor4D;
  /** What the first C channels are to be. */
  readonly target: tf.Tensor4D;
  readonly x0: tf.Tensor4D;
  /** x_t. */
  readonly x: tf.Tensor4D;
  readonly coefficients: MarginalCoefficients;
  readonly t: tf.Tensor1D;
  readonly weights: tf.Tensor1D;
}

/** Σᵢ wᵢ·ℓᵢ, differentiable. */
export type LossOfOutput = (inputs: LossInputs) => tf.Scalar;

/** L_simple (Ho et al. 2020, equation 14) of the mean: a variance that the network learns has no part in it. */
export function simpleLossOf(config: UNet2DConfig): LossOfOutput {
  return ({ output, target, weights }) => simpleLoss(meanOutput(config, output), target, weights).lossSum;
}

/**
 * Gradient of a loss with the target of `predictionType` over one micro-batch. The caller owns the two tensors of the result; every
 * intermediate tensor is gone, `parameters` and `batch` stay.
 *
 * @param parameters tensors of `model.layout`, as `splitParameters` gives them
 * @param lossOf @default L_simple
 * @throws LangevinError `invalid_argument` when shapes do not fit the model
 */
export function leafGradient(model: UNet2D, parameters: readonly tf.Tensor[], batch: LeafBatch, predictionType: PredictionType, lossOf = simpleLossOf(model.config)): LeafGradient {
  return tf.tidy(() => {
    const { x0, eps, t, labels, weights } = batch;
    const { x, coefficients } = noisyImages(batch);
    const target = trainingTarget(predictionType, x0, eps, coefficients);
    const { low_resolution: low } = model.config;
    const seen = besideLowResolution(model.config, x, low && areaDownsampled(x0, low.factor));
    return lossGradient(model.layout, parameters, () => lossOf({ output: model.apply(parameters, seen, t, labels), target, x0, x, coefficients, t, weights }));
  });
}
