import * as tf from '@tensorflow/tfjs-core';

/**
 * One state of each position by the inverse of the distribution function: a new tensor [B, …] int32. What has no probability is never drawn.
 *
 * @param logProbabilities [B, …, n], normalised; kept
 * @param uniforms [B, …] in [0, 1), multiples of 2⁻²⁴; kept
 */
export function drawStates(logProbabilities: tf.Tensor, uniforms: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const sums = tf.cumsum(tf.exp(logProbabilities), logProbabilities.rank - 1);
    const states = logProbabilities.shape.at(-1)!; // [B, …, n].
    const total = tf.slice(sums, [...new Array<number>(sums.rank - 1).fill(0), states - 1], [...logProbabilities.shape.slice(0, -1), 1]);
    const passed = tf.lessEqual(sums, tf.mul(total, tf.expandDims(uniforms, -1)));
    return tf.minimum(tf.sum(tf.cast(passed, 'int32'), -1), tf.scalar(states - 1, 'int32'));
  });
}
