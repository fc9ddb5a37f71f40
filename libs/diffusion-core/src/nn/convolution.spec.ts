import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { convolveDown, convolveUp } from './convolution.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

describe('convolveDown', () => {
  it('has one pixel of zeros on every side, as padding=1 in PyTorch', () => {
    // With a filter that copies its top left pixel, output (0, 0) reads the padding and output (1, 1) pixel (1, 1).
    const copyTopLeft = tf.tensor4d([1, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3, 1, 1]);
    const x = tf.tensor4d(Array.from({ length: 16 }, (_, i) => i + 1), [1, 4, 4, 1]);
    const y = convolveDown(x, copyTopLeft, tf.tensor1d([0.5]), 'fp32');
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expect(Array.from(y.dataSync())).toEqual([0.5, 0.5, 0.5, 6.5]);
  });

  it('has a row of zeros below and a column on the right alone, where that is asked for', () => {
    // With a filter that copies its bottom right pixel, output (1, 1) reads the padding and output (0, 0) pixel (2, 2).
    const copyBottomRight = tf.tensor4d([0, 0, 0, 0, 0, 0, 0, 0, 1], [3, 3, 1, 1]);
    const x = tf.tensor4d(Array.from({ length: 16 }, (_, i) => i + 1), [1, 4, 4, 1]);
    const y = convolveDown(x, copyBottomRight, tf.tensor1d([0.5]), 'fp32', 'behind');
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expect(Array.from(y.dataSync())).toEqual([11.5, 0.5, 0.5, 0.5]);
    const around = convolveDown(x, copyBottomRight, tf.tensor1d([0.5]), 'fp32', 'around');
    expect(Array.from(around.dataSync())).toEqual([6.5, 8.5, 14.5, 16.5]);
  });

  it.each([4, 5])('has right gradients for images of side %i', (side) => {
    const x = normalTensor<tf.Rank.R4>([2, side, side, 2], 41);
    const filter = normalTensor<tf.Rank.R4>([3, 3, 2, 3], 42);
    const bias = normalTensor<tf.Rank.R1>([3], 43);
    const objective = (y: tf.Tensor) => tf.sum(tf.square(y));
    const checks = [
      directionalDerivative((v) => objective(convolveDown(v as tf.Tensor4D, filter, bias, 'fp32')), x, 44),
      directionalDerivative((v) => objective(convolveDown(x, v as tf.Tensor4D, bias, 'fp32')), filter, 45),
      directionalDerivative((v) => objective(convolveDown(x, filter, v as tf.Tensor1D, 'fp32')), bias, 46),
    ];
    for (const { backward, central } of checks) expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });
});

describe('convolveUp', () => {
  const bias = normalTensor<tf.Rank.R1>([4], 53);
  const filter = normalTensor<tf.Rank.R4>([3, 3, 2, 4], 52);
  const doubled = (x: tf.Tensor4D, by: tf.Tensor4D) =>
    tf.add(tf.conv2d(tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]), by, 1, 'same'), bias);

  it.each([
    [1, 1],
    [2, 3],
    [7, 4],
  ])('is a convolution of the doubled image, at the borders too: %i×%i', (height, width) => {
    const x = normalTensor<tf.Rank.R4>([2, height, width, 2], 51);
    const y = convolveUp(x, filter, bias, 'fp32');
    expect(y.shape).toEqual([2, 2 * height, 2 * width, 4]);
    expect(tf.max(tf.abs(tf.sub(y, doubled(x, filter)))).dataSync()[0]).toBeLessThan(1e-5);
  });

  it('needs no bias', () => {
    const x = normalTensor<tf.Rank.R4>([1, 2, 3, 2], 59);
    for (const precision of ['fp32', 'bf16'] as const) {
      const difference = tf.sub(tf.sub(convolveUp(x, filter, bias, precision), convolveUp(x, filter, undefined, precision)), bias);
      expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-5);
    }
  });

  it('has right gradients, also of its gradient', () => {
    const x = normalTensor<tf.Rank.R4>([2, 3, 2, 2], 54);
    const objective = (y: tf.Tensor) => tf.sum(tf.square(y));
    const slope = tf.grad((v: tf.Tensor) => objective(convolveUp(v as tf.Tensor4D, filter, bias, 'fp32')));
    const checks = [
      directionalDerivative((v) => objective(convolveUp(v as tf.Tensor4D, filter, bias, 'fp32')), x, 55),
      directionalDerivative((v) => objective(convolveUp(x, v as tf.Tensor4D, bias, 'fp32')), filter, 56),
      directionalDerivative((v) => objective(convolveUp(x, filter, v as tf.Tensor1D, 'fp32')), bias, 57),
      directionalDerivative((v) => tf.sum(tf.square(slope(v))), x, 58),
    ];
    for (const { backward, central } of checks) expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });
});
