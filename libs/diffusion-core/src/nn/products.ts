import * as tf from '@tensorflow/tfjs-core';
import type { Precision } from '@langevin/contracts';
import { bfloat16Product } from './bfloat16.js';
import { convolve, convolveDown, convolveUp } from './convolution.js';

/** The convolutions and matrix products of a network, all in one precision. */
export interface Products {
  /** 3×3 or 1×1 convolution of x [B, H, W, C], same height and width. filter: HWIO. */
  convolve(x: tf.Tensor4D, filter: tf.Tensor4D, bias?: tf.Tensor1D): tf.Tensor4D;
  /** 3×3 convolution that halves height and width, with zeros around x or behind it alone. */
  convolveDown(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D, padding?: 'around' | 'behind'): tf.Tensor4D;
  /** 3×3 convolution of x with height and width doubled. */
  convolveUp(x: tf.Tensor4D, filter: tf.Tensor4D, bias?: tf.Tensor1D): tf.Tensor4D;
  /** Products of the last two axes of `a` with those of `b`. */
  matMul<T extends tf.Tensor>(a: T, b: T, transposeA?: boolean, transposeB?: boolean): T;
}

/** The products in a precision. Biases, and whatever lies between products, are float32 in every one. */
export function productsIn(precision: Precision = 'fp32'): Products {
  return {
    convolve: (x, filter, bias) => convolve(x, filter, bias, precision),
    convolveDown: (x, filter, bias, padding) => convolveDown(x, filter, bias, precision, padding),
    convolveUp: (x, filter, bias) => convolveUp(x, filter, bias, precision),
    matMul: (a, b, transposeA = false, transposeB = false) =>
      precision === 'bf16' ? bfloat16Product(a, b, (x, y) => tf.matMul(x, y, transposeA, transposeB)) : tf.matMul(a, b, transposeA, transposeB),
  };
}
