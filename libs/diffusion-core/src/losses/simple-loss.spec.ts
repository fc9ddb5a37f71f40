import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { simpleLoss } from './simple-loss.js';

const prediction = [
  [1, 2, 3, 4],
  [0, 0, 0, 0],
  [5, 5, 5, 5],
];
const target = [
  [1, 0, 3, 0],
  [1, -1, 1, -1],
  [0, 0, 0, 0],
];
const tensor = (rows: number[][]) => tf.tensor(rows.flat(), [rows.length, 2, 2, 1]);
const value = (scalar: tf.Scalar) => scalar.dataSync()[0]!;

describe('simpleLoss', () => {
  it('sums weighted means over pixels: 2·(4+16)/4 + 0.5·1 = 10.5, weights 2.5', () =>
    tf.tidy(() => {
      const { lossSum, weightSum } = simpleLoss(tensor(prediction.slice(0, 2)), tensor(target.slice(0, 2)), tf.tensor1d([2, 0.5]));
      expect([value(lossSum), value(weightSum)]).toEqual([10.5, 2.5]);
    }));

  it('adds exactly 0 for a sample of weight 0 with finite padding', () =>
    tf.tidy(() => {
      const padded = [[...target[0]!], [...target[1]!], [1e10, -1e10, 0, 0]];
      const { lossSum, weightSum } = simpleLoss(tensor(prediction), tensor(padded), tf.tensor1d([2, 0.5, 0]));
      expect([value(lossSum), value(weightSum)]).toEqual([10.5, 2.5]);
    }));

  it('is 0 and 0, not NaN, when every weight is 0', () =>
    tf.tidy(() => {
      const { lossSum, weightSum } = simpleLoss(tensor(prediction), tensor(prediction), tf.tensor1d([0, 0, 0]));
      expect([value(lossSum), value(weightSum)]).toEqual([0, 0]);
    }));

  it('adds up over any split of the batch', () =>
    tf.tidy(() => {
      const weights = [1, 1];
      const whole = simpleLoss(tensor(prediction.slice(0, 2)), tensor(target.slice(0, 2)), tf.tensor1d(weights));
      const parts = [0, 1].map((i) => simpleLoss(tensor([prediction[i]!]), tensor([target[i]!]), tf.tensor1d([1])));
      expect(parts.reduce((sum, part) => sum + value(part.lossSum), 0)).toBe(value(whole.lossSum));
    }));

  it('has the slope 2·w·(prediction − target)/pixels in each prediction', () =>
    tf.tidy(() => {
      const weights = tf.tensor1d([2, 0.5]);
      const lossAt = (rows: number[][]) => value(simpleLoss(tensor(rows), tensor(target.slice(0, 2)), weights).lossSum);
      const slopes = [0, 1, 2, 3].map((pixel) => {
        // The loss is quadratic: a central difference is its exact derivative.
        const moved = (by: number) => [prediction[0]!.map((p, i) => (i === pixel ? p + by : p)), prediction[1]!];
        return lossAt(moved(0.5)) - lossAt(moved(-0.5));
      });
      expect(slopes).toEqual([0, 2, 0, 4]);
    }));

  it('leaves two scalars behind and nothing else', () => {
    const inputs = [tensor(prediction), tensor(prediction)] as const;
    const weights = tf.tensor1d([1, 1, 1]);
    const before = tf.memory().numTensors;
    const sums = simpleLoss(...inputs, weights);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([...inputs, weights, sums.lossSum, sums.weightSum]);
  });
});
