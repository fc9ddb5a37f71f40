import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { dilatedConvolution } from './dilated-convolution.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

const filter = normalTensor<tf.Rank.R4>([3, 3, 2, 3], 171);

describe('dilatedConvolution', () => {
  it.each([
    [1, 5, 4],
    [2, 6, 4],
    [2, 7, 5],
    [4, 7, 9],
    [4, 3, 2],
  ])('looks at pixels %i apart in an image of %i×%i', (dilation, height, width) => {
    const x = normalTensor<tf.Rank.R4>([2, height, width, 2], 172);
    const y = dilatedConvolution(x, filter, dilation);
    expect(y.shape).toEqual([2, height, width, 3]);
    expect(tf.max(tf.abs(tf.sub(y, tf.conv2d(x, filter, 1, 'same', 'NHWC', dilation)))).dataSync()[0]).toBeLessThan(1e-5);
  });

  it('has the gradients of finite differences', () => {
    const x = normalTensor<tf.Rank.R4>([1, 5, 7, 2], 173);
    const checks = [
      directionalDerivative((v) => tf.sum(tf.square(dilatedConvolution(v as tf.Tensor4D, filter, 2))), x, 174),
      directionalDerivative((v) => tf.sum(tf.square(dilatedConvolution(x, v as tf.Tensor4D, 2))), filter, 175),
    ];
    for (const { backward, central } of checks) expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });
});
