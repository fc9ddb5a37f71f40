import * as tf from '@tensorflow/tfjs-core';

/** The time t for each sample of a batch: [B], a new tensor. */
export function sameTime(x: tf.Tensor, t: number): tf.Tensor1D {
  return tf.fill([x.shape[0] ?? 1], t);
}
