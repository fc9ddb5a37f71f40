import * as tf from '@tensorflow/tfjs-core';

/** 3×3 or 1×1 convolution of x [B, H, W, C], same height and width (PyTorch's padding 1 or 0). filter: HWIO. */
export function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, bias?: tf.Tensor1D): tf.Tensor4D {
  if (bias === undefined) return tf.conv2d(x, filter, 1, 'same');
  return tf.fused.conv2d({ x, filter, bias, strides: 1, pad: 'same' });
}

/**
 * 3×3 convolution with stride 2 and one pixel of zeros on every side, which is PyTorch's padding=1. tfjs's `same` pads
 * on the right only, and its backward kernels take no explicit padding: hence the separate pad.
 */
export function convolveDown(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]);
  return tf.fused.conv2d({ x: padded, filter, bias, strides: 2, pad: 'valid' });
}
