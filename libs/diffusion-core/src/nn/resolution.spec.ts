import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { doubled, halved } from './resolution.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

const x = normalTensor<tf.Rank.R4>([2, 4, 6, 3], 101);

describe('halved and doubled', () => {
  it('take the mean of four pixels, and repeat a pixel four times', () => {
    const image = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1]);
    expect([...halved(image).dataSync()]).toEqual([3.5, 5.5]);
    const twice = doubled(tf.tensor4d([1, 2], [1, 1, 2, 1]));
    expect(twice.shape).toEqual([1, 2, 4, 1]);
    expect([...twice.dataSync()]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
    expect([halved(x).shape, doubled(x).shape]).toEqual([[2, 2, 3, 3], [2, 8, 12, 3]]);
  });

  it('are inverse in one order, and each other’s transpose but for a factor of 4', () => {
    expect(tf.max(tf.abs(tf.sub(halved(doubled(x)), x))).dataSync()[0]).toBeLessThan(1e-6);
    const y = normalTensor<tf.Rank.R4>([2, 2, 3, 3], 102);
    const [left, right] = [tf.sum(tf.mul(halved(x), y)), tf.sum(tf.mul(x, doubled(y)))].map((sum) => sum.dataSync()[0]!);
    expect(Math.abs(4 * left! - right!)).toBeLessThan(1e-4);
  });

  it.each([
    ['halved', halved],
    ['doubled', doubled],
  ])('%s has the gradient of finite differences, also when differentiated twice', (_, change) => {
    const once = (v: tf.Tensor) => tf.sum(tf.pow(change(v as tf.Tensor4D), 3));
    const twice = (v: tf.Tensor) => tf.sum(tf.square(tf.grad(once)(v)));
    for (const f of [once, twice]) {
      const { backward, central } = directionalDerivative(f, x, 103, 0.01);
      expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
    }
  });
});
