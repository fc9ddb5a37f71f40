import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { bitsPerDimension, meanWithError } from './bits.js';
import { dequantize, distanceOfLevels, levelValues, natsOfLevels } from './levels.js';

describe('levels', () => {
  it('lie from −1 to 1 at equal distances', () => {
    expect(levelValues(5)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(distanceOfLevels(256)).toBe(2 / 255);
    expect(() => levelValues(1)).toThrow('two or more levels, got 1');
  });

  it('are spread over their share of the line', () => {
    const x = tf.tensor1d([-1, 0, 1]);
    const before = tf.memory().numTensors;
    const [spread, bytes] = [dequantize(x, tf.tensor1d([0, 0.5, 0.75]), 5), dequantize(x, tf.tensor1d([0, 0.5, 0.75]))];
    expect(tf.memory().numTensors).toBe(before + 4);
    expect([...spread.dataSync()]).toEqual([-1.25, 0, 1.125]);
    expect(bytes.dataSync()[0]).toBeCloseTo(-1 - 1 / 255, 6);
    tf.dispose([x, spread, bytes]);
  });

  it.each([2, 16, 256])('of equal probability cost log₂ of their number: %d', (levels) => {
    // The density of dequantised data is 1 over the whole line that the levels share.
    const logDensity = -Math.log(levels * distanceOfLevels(levels));
    expect(bitsPerDimension(natsOfLevels(3 * logDensity, 3, levels), 3)).toBeCloseTo(Math.log2(levels), 12);
  });

  it('are bytes unless told: 8 bits', () => {
    expect(bitsPerDimension(natsOfLevels(-784 * Math.log(512 / 255), 784), 784)).toBeCloseTo(8, 12);
  });
});

describe('meanWithError', () => {
  it('is the mean, and the standard deviation over √n', () => {
    const { mean, standardError, count } = meanWithError([1, 2, 3, 6]);
    expect([mean, count]).toEqual([3, 4]);
    expect(standardError).toBeCloseTo(Math.sqrt(14 / 3) / 2, 12);
  });
  it('does not know how sure one value is', () => {
    expect(meanWithError([2])).toEqual({ mean: 2, standardError: Number.NaN, count: 1 });
  });
});
