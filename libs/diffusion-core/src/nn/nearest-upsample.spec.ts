import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { upsampleNearest } from './nearest-upsample.js';
import { normalTensor } from './testing/directional-derivative.js';

describe('upsampleNearest', () => {
  it('repeats every pixel in both directions', () => {
    const y = upsampleNearest(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]));
    expect(Array.from(y.dataSync())).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  });

  it('has the sum over each square as gradient, and is its own second transpose', () => {
    const x = normalTensor<tf.Rank.R4>([2, 3, 2, 3], 31);
    const dy = normalTensor<tf.Rank.R4>([2, 6, 4, 3], 32);
    const gradient = tf.grad((v: tf.Tensor) => upsampleNearest(v as tf.Tensor4D))(x, dy);
    const expected = tf.sum(tf.reshape(dy, [2, 3, 2, 2, 2, 3]), [2, 4]);
    expect(tf.max(tf.abs(tf.sub(gradient, expected))).dataSync()[0]).toBeLessThan(1e-5);
    // d/dx ½|up(x)|² = 4x, and once more along v: 4v.
    const slope = tf.grad((v: tf.Tensor) => tf.mul(0.5, tf.sum(tf.square(upsampleNearest(v as tf.Tensor4D)))));
    const second = tf.grad((v: tf.Tensor) => tf.sum(slope(v)))(x);
    expect(second.dataSync().every((value) => Math.abs(value - 4) < 1e-5)).toBe(true);
  });
});
