import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { silu } from './silu.js';

const points = [-20, -3, -0.5, 0, 0.3, 2, 15];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('silu', () => {
  it('is x·sigmoid(x), with the first and second derivative of that', () => {
    const x = tf.tensor1d(points);
    const slope = tf.grad((v: tf.Tensor) => silu(v));
    const value = silu(x).dataSync();
    const first = slope(x).dataSync();
    const second = tf.grad((v: tf.Tensor) => slope(v))(x).dataSync();
    points.forEach((p, i) => {
      const s = sigmoid(p);
      expect(value[i]).toBeCloseTo(p * s, 5);
      expect(first[i]).toBeCloseTo(s + p * s * (1 - s), 5);
      expect(second[i]).toBeCloseTo(s * (1 - s) * (2 + p * (1 - 2 * s)), 5);
    });
  });

  it('leaves only its result behind', () => {
    const x = tf.tensor1d(points);
    const before = tf.memory().numTensors;
    const gradient = tf.grad((v: tf.Tensor) => tf.sum(silu(v)))(x);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose(gradient);
  });
});
