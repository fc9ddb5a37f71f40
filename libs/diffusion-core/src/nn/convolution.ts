import * as tf from '@tensorflow/tfjs-core';
import type { Precision } from '@langevin/contracts';
import { bfloat16Product } from './bfloat16.js';
import { minimalConvolution } from './minimal-convolution.js';

/** 3×3 or 1×1 convolution of x [B, H, W, C], same height and width (PyTorch's padding 1 or 0). filter: HWIO. */
export function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D | undefined, precision: Precision): tf.Tensor4D {
  return minimalConvolution(x, filter, bias, { doubled: false, rounded: precision === 'bf16' }) ?? convolveDirectly({ x, filter, bias, strides: 1, pad: 'same' }, precision);
}

interface DirectConvolution {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D | undefined;
  readonly strides: number;
  readonly pad: 'same' | 'valid';
}

function convolveDirectly({ x, filter, bias, strides, pad }: DirectConvolution, precision: Precision): tf.Tensor4D {
  if (precision === 'bf16') {
    const product = bfloat16Product(x, filter, (images, by) => tf.conv2d(images, by, strides, pad));
    return bias === undefined ? product : tf.add(product, bias);
  }
  if (bias === undefined) return tf.conv2d(x, filter, strides, pad);
  return tf.fused.conv2d({ x, filter, bias, strides, pad });
}

/**
 * 3×3 convolution with stride 2 of x [B, H, W, C], H and W even. With one pixel of zeros on every side, which is PyTorch's padding=1: tfjs's `same` pads
 * on the right only, and its backward kernels take no explicit padding, hence the separate pad. Or with one row below and one column on the
 * right alone, as `same` and diffusers with `downsample_padding` 0 do.
 */
export function convolveDown(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D, precision: Precision, padding: 'around' | 'behind' = 'around'): tf.Tensor4D {
  if (padding === 'behind') return convolveDirectly({ x, filter, bias, strides: 2, pad: 'same' }, precision);
  const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]);
  return convolveDirectly({ x: padded, filter, bias, strides: 2, pad: 'valid' }, precision);
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
export function convolveUp(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D | undefined, precision: Precision): tf.Tensor4D {
  const rounded = precision === 'bf16';
  const minimal = minimalConvolution(x, filter, bias, { doubled: true, rounded });
  if (minimal) return minimal;
  const product = rounded ? bfloat16Product(x, filter, convolveUpDirectly) : convolveUpDirectly(x, filter);
  return bias === undefined ? product : tf.add(product, bias);
}

function convolveUpDirectly(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  const [, , inChannels, outChannels] = filter.shape;
  const taps = tf.matMul(gatherMatrix(), tf.reshape(filter, [9, inChannels * outChannels]));
  const transposed = tf.transpose<tf.Tensor4D>(tf.reshape(taps, [4, 4, inChannels, outChannels]), [0, 1, 3, 2]);
  return tf.conv2dTranspose(x, transposed, [batch, 2 * height, 2 * width, outChannels], 2, 'same');
}

/** Taps of the 4×4 filter from those of the 3×3 filter, both row by row: [16, 9]. */
function gatherMatrix(): tf.Tensor2D {
  const elements = gathered.flatMap((rows) => gathered.flatMap((columns) => rows.flatMap((row) => columns.map((column) => row * column))));
  return tf.tensor2d(elements, [16, 9]);
}
