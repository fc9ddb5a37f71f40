import * as tf from '@tensorflow/tfjs-core';

/** What a conditional instance normalisation has learned: a row of numbers for each noise level, [L, C] each. */
export interface ConditionalInstanceNormWeights {
  /** γ, of the normalised channel. */
  readonly scale: tf.Tensor2D;
  /** β. */
  readonly offset: tf.Tensor2D;
  /** α, of how far the mean of the channel lies from those of the others. */
  readonly meanScale: tf.Tensor2D;
}

/**
 * Conditional instance normalisation++ of NCSN (Song & Ermon 2019, appendix A.1): γ·(x − μ)/s + β + α·(μ − m)/v for x [B, H, W, C], with mean μ and deviation s
 * of each channel of an image, and mean m and deviation v of its channels' means; γ, β and α are those of the noise level. Plain instance normalisation
 * forgets the means, and with them the colour of an image. A new tensor.
 *
 * @param levels [B] int32, 0 … L−1
 * @param epsilon added to both variances
 */
export function conditionalInstanceNorm(x: tf.Tensor4D, levels: tf.Tensor1D, { scale, offset, meanScale }: ConditionalInstanceNormWeights, epsilon = 1e-5): tf.Tensor4D {
  return tf.tidy(() => {
    const [batch, , , channels] = x.shape;
    // A matmul with one-hot rows: the gradient of gather is a scatter, which not every backend has.
    const told = tf.cast<tf.Tensor2D>(tf.oneHot(levels, scale.shape[0]) as tf.Tensor2D, 'float32'); // The types of tfjs forget the rank.
    const ofLevel = (table: tf.Tensor2D) => tf.reshape<tf.Rank.R4>(tf.matMul(told, table), [batch, 1, 1, channels]);
    const normalised = (values: tf.Tensor4D, axes: number[]) => {
      const centred = tf.sub<tf.Tensor4D>(values, tf.mean(values, axes, true));
      return tf.mul<tf.Tensor4D>(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
    };
    const means = tf.mean<tf.Tensor4D>(x, [1, 2], true);
    const own = tf.mul(ofLevel(scale), normalised(x, [1, 2]));
    return tf.add<tf.Tensor4D>(own, tf.add(ofLevel(offset), tf.mul(ofLevel(meanScale), normalised(means, [3]))));
  });
}
