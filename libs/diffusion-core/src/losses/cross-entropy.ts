import * as tf from '@tensorflow/tfjs-core';
import { labelLogProbability } from './label-log-probability.js';
import type { LossSums } from './simple-loss.js';

/**
 * Cross-entropy of a classifier as sums: lossᵢ = −ln p(labelᵢ | xᵢ), in nats. Never a mean over samples, so that any
 * split of a batch adds up to the same thing. A sample of weight 0 (padding) adds exactly 0, to the gradient too,
 * provided its logits are finite. Two new scalars; differentiable once.
 *
 * @param logits [B, classes]
 * @param labels [B] int32, 0 … classes−1, also where the weight is 0
 * @param weights [B], at least 0
 */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, weights: tf.Tensor1D): LossSums {
  return tf.tidy(() => {
    const lossSum: tf.Scalar = tf.neg(tf.sum(tf.mul(weights, labelLogProbability(logits, labels))));
    const weightSum: tf.Scalar = tf.sum(weights);
    return { lossSum, weightSum };
  });
}
