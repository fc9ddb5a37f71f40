import * as tf from '@tensorflow/tfjs-core';
import { addNoise } from '../parameterizations/index.js';
import type { MarginalCoefficients } from '../processes/index.js';

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

/** x_t of a batch, and its coefficients in a shape that multiplies images. New tensors. */
export function noisyImages({ x0, eps, alpha, sigma }: Pick<LeafBatch, 'x0' | 'eps' | 'alpha' | 'sigma'>): { x: tf.Tensor4D; coefficients: MarginalCoefficients } {
  const perSample = (values: tf.Tensor1D) => tf.reshape(values, [values.shape[0], 1, 1, 1]);
  const coefficients = { alpha: perSample(alpha), sigma: perSample(sigma) };
  // Shaped like x0, whose rank the types forget.
  return { x: addNoise(x0, eps, coefficients) as tf.Tensor4D, coefficients };
}
