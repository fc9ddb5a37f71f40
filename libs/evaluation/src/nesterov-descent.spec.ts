import * as tf from '@tensorflow/tfjs-core';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { nesterovDescent } from './nesterov-descent.js';

beforeAll(() => loadTensorFlow({ backend: 'cpu' }));

describe('nesterovDescent', () => {
  it('follows the recursion v ← μv + g, w ← w − η(g + μv) on ½w², whose gradient is w', () => {
    const weight = tf.variable(tf.scalar(1));
    const descent = nesterovDescent([weight], 0.9);
    let [w, v] = [1, 0];
    for (let step = 0; step < 5; step += 1) {
      const rate = 0.1 / (step + 1);
      const before = descent.step(() => tf.mul(0.5, tf.square(weight)), rate);
      expect(before).toBeCloseTo(0.5 * w * w, 6);
      v = 0.9 * v + w;
      w -= rate * (w + 0.9 * v);
      expect(weight.dataSync()[0]).toBeCloseTo(w, 6);
    }
    descent.dispose();
    weight.dispose();
  });

  it('holds one velocity a weight, and nothing once it is disposed', () => {
    const weights = [tf.variable(tf.ones([3])), tf.variable(tf.ones([2, 2]))];
    const before = tf.memory().numTensors;
    const descent = nesterovDescent(weights, 0.5);
    descent.step(() => tf.add(tf.sum(tf.square(weights[0]!)), tf.sum(weights[1]!)), 0.1);
    expect(tf.memory().numTensors).toBe(before + 2);
    descent.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(weights);
  });
});
