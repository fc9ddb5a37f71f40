import type * as tf from '@tensorflow/tfjs-core';

/**
 * ln p(x₀ | x_t) of each position, [B, …, K], normalised; −∞ is allowed. x is [B, …] int32 states, t is [B] times; both are kept, the result is new.
 */
export type DiscreteDenoiser = (x: tf.Tensor, t: tf.Tensor1D) => tf.Tensor;
