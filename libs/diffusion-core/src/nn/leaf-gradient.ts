import * as tf from '@tensorflow/tfjs-core';
import { simpleLoss } from '../losses/index.js';
import { addNoise, trainingTarget, type PredictionType } from '../parameterizations/index.js';
import { concatGradients } from './split-parameters.js';
import type { UNet2D } from './unet2d.js';

/** A micro-batch of B samples, on the device. */
export interface LeafBatch {
  /** Clean images, [B, H, W, C]. */
  readonly x0: tf.Tensor4D;
  /** Standard normal noise of the same shape. */
  readonly eps: tf.Tensor4D;
  /** Time that the network is told, [B]. */
  readonly t: tf.Tensor1D;
  /** α_t and σ_t of each sample, [B]: x_t = α·x₀ + σ·ε. */
  readonly alpha: tf.Tensor1D;
  readonly sigma: tf.Tensor1D;
  /** Class of each sample, [B] int32; none for an unconditional network. */
  readonly labels?: tf.Tensor1D;
  /** Weight of each sample, [B]: 0 for padding. */
  readonly weights: tf.Tensor1D;
}

/** Sums over the samples, never means: a leaf does not know the global batch. */
export interface LeafGradient {
  /** Σ_i w_i · ∂ℓ_i/∂θ as one flat vector. */
  readonly gradient: tf.Tensor1D;
  /** Σ_i w_i · ℓ_i, where ℓ_i is the mean squared error over the pixels of sample i. */
  readonly lossSum: tf.Scalar;
}

/**
 * Gradient of the simple loss (Ho et al. 2020, equation 14, with the target of `predictionType`) over one micro-batch.
 * The caller owns the two tensors of the result; every intermediate tensor is gone, `parameters` and `batch` stay.
 *
 * @param parameters tensors of `model.layout`, as `splitParameters` gives them
 * @throws LangevinError `invalid_argument` when shapes do not fit the model
 */
export function leafGradient(model: UNet2D, parameters: readonly tf.Tensor[], batch: LeafBatch, predictionType: PredictionType): LeafGradient {
  return tf.tidy(() => {
    const { x0, eps, t, labels, weights } = batch;
    const perSample = (values: tf.Tensor1D) => tf.reshape(values, [values.shape[0], 1, 1, 1]);
    const coefficients = { alpha: perSample(batch.alpha), sigma: perSample(batch.sigma) };
    // Both are shaped like x0, whose rank their types forget.
    const noisy = addNoise(x0, eps, coefficients) as tf.Tensor4D;
    const target = trainingTarget(predictionType, x0, eps, coefficients) as tf.Tensor4D;
    const lossSum = () => simpleLoss(model.apply(parameters, noisy, t, labels), target, weights).lossSum;
    // tf.grads would hand the parameters back through a second list; the engine takes them as they are.
    const { value, grads } = tf.engine().gradients(lossSum, [...parameters]);
    return { gradient: concatGradients(grads, model.layout), lossSum: value };
  });
}
