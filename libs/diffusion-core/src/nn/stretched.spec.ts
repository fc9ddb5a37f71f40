import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { stretched } from './stretched.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

const x = normalTensor<tf.Rank.R4>([2, 3, 5, 2], 161);

describe('stretched', () => {
  it.each([
    [6, 10],
    [3, 7],
    [2, 5],
  ])('interpolates between corners: %i×%i', (height, width) => {
    const y = stretched(x, height, width);
    const expected = tf.image.resizeBilinear(x, [height, width], true);
    expect(y.shape).toEqual([2, height, width, 2]);
    expect(tf.max(tf.abs(tf.sub(y, expected))).dataSync()[0]).toBeLessThan(1e-5);
  });

  it('leaves an image of that size as it is', () => expect(stretched(x, 3, 5)).toBe(x));

  it('has the gradient of finite differences', () => {
    const { backward, central } = directionalDerivative((v) => tf.sum(tf.square(stretched(v as tf.Tensor4D, 6, 10))), x, 162);
    expect(Math.abs(backward / central - 1)).toBeLessThan(2e-3);
  });
});
