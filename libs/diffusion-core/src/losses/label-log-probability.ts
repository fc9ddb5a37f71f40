import * as tf from '@tensorflow/tfjs-core';

/**
 * ln softmax(logits) at the label of each sample, [B]: ln p(y | x) of a classifier. A new tensor; differentiable once.
 *
 * @param logits [B, classes]
 * @param labels [B] int32, 0 … classes−1
 */
export function labelLogProbability(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  return tf.tidy(() => {
    // A product with one-hot rows: the gradient of gather is a scatter, which not every backend has.
    const oneHot = tf.cast(tf.oneHot(labels, logits.shape[1]), 'float32');
    return tf.sum<tf.Tensor1D>(tf.mul(oneHot, tf.logSoftmax(logits)), 1);
  });
}
