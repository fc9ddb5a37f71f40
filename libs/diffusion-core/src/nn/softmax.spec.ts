import './testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { softmax } from './softmax.js';
import { directionalDerivative, normalTensor } from './testing/directional-derivative.js';

describe('softmax', () => {
  const weights = normalTensor<tf.Rank.R2>([3, 5], 11);
  const logits = normalTensor<tf.Rank.R2>([3, 5], 12);
  const objective = (x: tf.Tensor) => tf.sum(tf.mul(weights, softmax(x)));

  it('sums to 1 over the last axis and survives large logits', () => {
    const p = softmax(tf.tensor2d([[1000, 1000, -1000]]));
    expect(Array.from(p.dataSync())).toEqual([0.5, 0.5, 0]);
  });

  it('has the gradient p·(w − ⟨p, w⟩)', () => {
    const gradient = tf.grad(objective)(logits);
    const p = tf.softmax(logits);
    const expected = tf.mul(p, tf.sub(weights, tf.sum(tf.mul(p, weights), -1, true)));
    expect(tf.max(tf.abs(tf.sub(gradient, expected))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('can be differentiated twice', () => {
    const squaredSlope = (x: tf.Tensor) => tf.sum(tf.square(tf.grad(objective)(x)));
    const { backward, central } = directionalDerivative(squaredSlope, logits, 13);
    expect(Math.abs(backward - central)).toBeLessThan(1e-3 * Math.max(1, Math.abs(central)));
    expect(Math.abs(central)).toBeGreaterThan(0.01);
  });
});
