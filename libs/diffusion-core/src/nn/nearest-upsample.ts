import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';

/** Doubles height and width of x [B, H, W, C] by repeating pixels. Differentiable any number of times. */
export function upsampleNearest(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  return withGradient<tf.Tensor4D>(
    [x],
    () => tf.image.resizeNearestNeighbor(x, [2 * height, 2 * width]),
    (dy) => [sumPool(dy)],
  );
}

/** Halves height and width of x [B, 2H, 2W, C] by adding the four pixels of each square: the transpose of upsampling. */
function sumPool(x: tf.Tensor4D): tf.Tensor4D {
  return withGradient<tf.Tensor4D>(
    [x],
    () => tf.mul(tf.avgPool(x, 2, 2, 'valid'), 4),
    (dy) => [upsampleNearest(dy)],
  );
}
