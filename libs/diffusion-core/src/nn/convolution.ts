import * as tf from '@tensorflow/tfjs-core';
import { minimalConvolution } from './minimal-convolution.js';

/** 3×3 or 1×1 convolution of x [B, H, W, C], same height and width (PyTorch's padding 1 or 0). filter: HWIO. */
export function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, bias?: tf.Tensor1D): tf.Tensor4D {
  return minimalConvolution(x, filter, bias, { doubled: false }) ?? convolveDirectly(x, filter, bias);
}

function convolveDirectly(x: tf.Tensor4D, filter: tf.Tensor4D, bias?: tf.Tensor1D): tf.Tensor4D {
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

/** Row t of a 4×4 filter adds up the rows k of a 3×3 filter that meet the same pixel before and after doubling. */
const gathered = [
  [0, 0, 1],
  [0, 1, 1],
  [1, 1, 0],
  [1, 0, 0],
] as const;

/**
 * 3×3 convolution of x [B, H, W, C] whose height and width were doubled by repeating pixels (`Upsample2D` of diffusers). Each
 * pixel meets only four different ones, so without a kernel of its own it is computed as a transposed convolution of x itself with a
 * 4×4 filter: 4/9 of the arithmetic, and the doubled image is never formed.
 */
export function convolveUp(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  return minimalConvolution(x, filter, bias, { doubled: true }) ?? convolveUpDirectly(x, filter, bias);
}

function convolveUpDirectly(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const [, , inChannels, outChannels] = filter.shape;
  const taps = tf.matMul(gatherMatrix(), tf.reshape(filter, [9, inChannels * outChannels]));
  const transposed = tf.transpose<tf.Tensor4D>(tf.reshape(taps, [4, 4, inChannels, outChannels]), [0, 1, 3, 2]);
  return tf.add(tf.conv2dTranspose(x, transposed, [batch, 2 * height, 2 * width, outChannels], 2, 'same'), bias);
}

/** Taps of the 4×4 filter from those of the 3×3 filter, both row by row: [16, 9]. */
function gatherMatrix(): tf.Tensor2D {
  const elements = gathered.flatMap((rows) => gathered.flatMap((columns) => rows.flatMap((row) => columns.map((column) => row * column))));
  return tf.tensor2d(elements, [16, 9]);
}
