import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';

/** Means of 2×2 pixels: x [B, H, W, C] at half the height and width, which are even. Its gradient can be differentiated as often as one likes. */
export function halved(x: tf.Tensor4D): tf.Tensor4D {
  return withGradient<tf.Tensor4D>([x], () => tf.avgPool(x, 2, 2, 'valid'), (dy) => [tf.mul(doubled(dy), 1 / 4)]);
}

/** Every pixel of x [B, H, W, C] twice in each direction. Its gradient can be differentiated as often as one likes. */
export function doubled(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  // Linear maps, and each the other's transpose but for the 4 pixels of a mean.
  return withGradient<tf.Tensor4D>([x], () => tf.image.resizeNearestNeighbor(x, [2 * height, 2 * width]), (dy) => [tf.mul(halved(dy), 4)]);
}
