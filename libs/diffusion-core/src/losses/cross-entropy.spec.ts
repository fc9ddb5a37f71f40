import * as tf from '@tensorflow/tfjs-core';
import '../nn/testing/gradients.js';
import { crossEntropy } from './cross-entropy.js';
import { labelLogProbability } from './label-log-probability.js';

const logits = () => tf.tensor2d([[0, Math.log(3)], [2, 2], [1000, -1000]]);
const labels = () => tf.tensor1d([1, 0, 0], 'int32');
const value = (scalar: tf.Scalar) => scalar.dataSync()[0]!;

describe('labelLogProbability', () => {
  it('is ln ¾, ln ½ and 0 for odds of 3 : 1, 1 : 1 and e²⁰⁰⁰ : 1', () =>
    tf.tidy(() => {
      const [a, b, c] = labelLogProbability(logits(), labels()).dataSync();
      expect(a).toBeCloseTo(Math.log(0.75), 6);
      expect(b).toBeCloseTo(Math.log(0.5), 6);
      expect(Math.abs(c!)).toBe(0);
    }));

  it('is −2000, not −∞, for the other label of such odds', () =>
    tf.tidy(() => {
      expect(labelLogProbability(logits(), tf.tensor1d([1, 0, 1], 'int32')).dataSync()[2]).toBe(-2000);
    }));
});

describe('crossEntropy', () => {
  it('sums weighted nats: 2·ln(4/3) + ½·ln 2, weights 2.5', () =>
    tf.tidy(() => {
      const { lossSum, weightSum } = crossEntropy(logits(), labels(), tf.tensor1d([2, 0.5, 0]));
      expect(value(lossSum)).toBeCloseTo(2 * Math.log(4 / 3) + 0.5 * Math.log(2), 5);
      expect(value(weightSum)).toBe(2.5);
    }));

  it('has the gradient w·(softmax − one-hot), exactly 0 where the weight is 0', () =>
    tf.tidy(() => {
      const gradient = tf.grad((z) => crossEntropy(z as tf.Tensor2D, labels(), tf.tensor1d([2, 0.5, 0])).lossSum)(logits()).dataSync();
      const expected = [0.5, -0.5, -0.25, 0.25, 0, 0];
      expected.forEach((slope, i) => expect(Math.abs(gradient[i]! - slope)).toBeLessThan(1e-6));
      expect([...gradient.slice(4)].map(Math.abs)).toEqual([0, 0]);
    }));

  it('adds up over any split of the batch, and leaves two scalars behind', () => {
    const [z, y, w] = [logits(), labels(), tf.tensor1d([1, 1, 1])];
    const before = tf.memory().numTensors;
    const whole = crossEntropy(z, y, w);
    expect(tf.memory().numTensors).toBe(before + 2);
    const parts = tf.tidy(() => [0, 1, 2].map((i) => value(crossEntropy(tf.slice(z, [i, 0], [1, 2]), tf.slice(y, i, 1), tf.tensor1d([1])).lossSum)));
    expect(value(whole.lossSum)).toBeCloseTo(parts.reduce((sum, part) => sum + part, 0), 6);
    tf.dispose([z, y, w, whole.lossSum, whole.weightSum]);
  });
});
