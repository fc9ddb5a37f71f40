import * as tf from '@tensorflow/tfjs-core';

/**
 * 3×3 convolution of x [B, H, W, C] that looks at pixels `dilation` apart, with zeros around the image: same height and width. Each of the dilation² coarse
 * images is convolved by itself, because tfjs has no gradient of a dilated convolution. filter: HWIO.
 */
export function dilatedConvolution(x: tf.Tensor4D, filter: tf.Tensor4D, dilation: number): tf.Tensor4D {
  if (dilation === 1) return tf.conv2d(x, filter, 1, 'same');
  const [, height, width] = x.shape;
  const missing = (side: number) => (dilation - (side % dilation)) % dilation;
  const [below, right] = [missing(height), missing(width)];
  const coarse = tf.spaceToBatchND(x, [dilation, dilation], [[dilation, dilation + below], [dilation, dilation + right]]);
  return tf.batchToSpaceND(tf.conv2d(coarse, filter, 1, 'valid'), [dilation, dilation], [[0, below], [0, right]]);
}
