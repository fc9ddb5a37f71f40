import * as tf from '@tensorflow/tfjs-core';

/** A loss as sums over samples: divide only after adding up every worker's sums. */
export interface LossSums {
  /** Scalar Σᵢ wᵢ·lossᵢ. */
  readonly lossSum: tf.Scalar;
  /** Scalar Σᵢ wᵢ. */
  readonly weightSum: tf.Scalar;
}

/**
 * L_simple of Ho et al. (2020), eq. 14, as sums: lossᵢ is the mean over the elements of sample i of
 * (prediction − target)². Never a mean over samples, so that any split of a batch adds up to the same thing. A sample of
 * weight 0 (padding) adds exactly 0, provided its values are finite: 0·NaN is NaN. Two new scalars; differentiable.
 *
 * @param prediction [B, …]
 * @param target [B, …]
 * @param weights [B], at least 0
 */
export function simpleLoss(prediction: tf.Tensor, target: tf.Tensor, weights: tf.Tensor1D): LossSums {
  return tf.tidy(() => {
    const samples = weights.shape[0];
    const squares = tf.reshape(tf.squaredDifference(prediction, target), [samples, -1]);
    const lossSum: tf.Scalar = tf.sum(tf.mul(weights, tf.mean(squares, 1)));
    const weightSum: tf.Scalar = tf.sum(weights);
    return { lossSum, weightSum };
  });
}
