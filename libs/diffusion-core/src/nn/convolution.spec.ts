import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { convolveDown } from './convolution.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

describe('convolveDown', () => {
  it('has one pixel of zeros on every side, as padding=1 in PyTorch', () => {
    // With a filter that copies its top left pixel, output (0, 0) reads the padding and output (1, 1) pixel (1, 1).
    const copyTopLeft = tf.tensor4d([1, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3, 1, 1]);
    const x = tf.tensor4d(Array.from({ length: 16 }, (_, i) => i + 1), [1, 4, 4, 1]);
    const y = convolveDown(x, copyTopLeft, tf.tensor1d([0.5]));
    expect(y.shape).toEqual([1, 2, 2, 1]);
    expect(Array.from(y.dataSync())).toEqual([0.5, 0.5, 0.5, 6.5]);
  });

  it.each([4, 5])('has right gradients for images of side %i', (side) => {
    const x = normalTensor<tf.Rank.R4>([2, side, side, 2], 41);
    const filter = normalTensor<tf.Rank.R4>([3, 3, 2, 3], 42);
    const bias = normalTensor<tf.Rank.R1>([3], 43);
    const objective = (y: tf.Tensor) => tf.sum(tf.square(y));
    const checks = [
      directionalDerivative((v) => objective(convolveDown(v as tf.Tensor4D, filter, bias)), x, 44),
      directionalDerivative((v) => objective(convolveDown(x, v as tf.Tensor4D, bias)), filter, 45),
      directionalDerivative((v) => objective(convolveDown(x, filter, v as tf.Tensor1D)), bias, 46),
    ];
    for (const { backward, central } of checks) expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });
});
