import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Denoiser } from '../parameterizations/denoiser.js';
import { dynamicThreshold, type DynamicThresholdOptions } from './dynamic-threshold.js';
import { staticThreshold } from './static-threshold.js';

/** A denoiser that says these values whatever it is asked. */
const says = (values: number[][]): Denoiser => () => tf.tensor2d(values);
const thresholded = (values: number[][], options?: DynamicThresholdOptions) =>
  tf.tidy(() => dynamicThreshold(options)(says(values))(tf.zeros([values.length, values[0]?.length ?? 0]), tf.zeros([values.length])).arraySync() as number[][]);

describe('dynamicThreshold', () => {
  // |x̂₀| in order: 1, 2, 3, 4, 5. Its quantile p is 1 + 4p.
  it.each([
    [1, 5],
    [0.5, 3],
    [0.6, 3.4],
    [0.05, 1.2],
    [0, 1],
  ])('at ratio %d clips to ±%d, the quantile of |x̂₀|, and divides by it', (ratio, limit) => {
    const values = [-4, 2, 5, -1, 3];
    const [row = []] = thresholded([values], { ratio });
    row.forEach((value, i) => expect(value).toBeCloseTo(Math.max(-limit, Math.min(limit, values[i]!)) / limit, 6));
  });

  it('reads between the two neighbours of the quantile, in each row for itself', () => {
    // Quantile 0.6 of 1, 2, 4, 8, 16 is at place 2.4: 4 + 0.4·4; of 5, 6, 8, 12, 20: 8 + 0.4·4.
    const rows = thresholded([[16, 1, 8, 2, 4], [5, 20, 6, 12, 8]], { ratio: 0.6 });
    [5.6, 9.6].forEach((limit, i) => expect(rows[i]![i === 0 ? 4 : 0]).toBeCloseTo((i === 0 ? 4 : 5) / limit, 6));
  });

  it('has a limit for each sample, and leaves alone what fits into [−1, 1]', () => {
    const [small, large] = thresholded([[0.5, -0.25], [4, -2]], { ratio: 1 });
    expect(small).toEqual([0.5, -0.25]);
    expect(large).toEqual([1, -0.5]);
  });

  it('takes no limit above sampleMaxValue; at 1 it is the static threshold', () => {
    expect(thresholded([[4, -2, 1]], { ratio: 1, sampleMaxValue: 2 })).toEqual([[1, -1, 0.5]]);
    const values = [[4, -2, 0.3]];
    const fixed = tf.tidy(() => staticThreshold(1)(says(values))(tf.zeros([1, 3]), tf.zeros([1])).arraySync());
    expect(thresholded(values, { sampleMaxValue: 1 })).toEqual(fixed);
  });

  it('takes the quantile 0.995 unless told', () => {
    // |x̂₀| = 0 … 200: the quantile is 199.
    const [row = []] = thresholded([Array.from({ length: 201 }, (_, i) => i)]);
    expect(row[100]).toBeCloseTo(100 / 199, 6);
    expect(row[200]).toBe(1);
  });

  it('keeps the shape of images and leaves only its result behind', () => {
    const [x, t] = [tf.ones([2, 4, 4, 1]), tf.zeros<tf.Rank.R1>([2])];
    const before = tf.memory().numTensors;
    const result = dynamicThreshold({ ratio: 1 })((at) => tf.mul(at, -3))(x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(result.shape).toEqual([2, 4, 4, 1]);
    expect([...result.dataSync()].every((value) => value === -1)).toBe(true);
    tf.dispose([x, t, result]);
  });

  it.each([
    [{ ratio: -0.1 }, 'got -0.1'],
    [{ ratio: 1.1 }, 'got 1.1'],
    [{ ratio: Number.NaN }, 'got NaN'],
    [{ sampleMaxValue: 0.9 }, 'at least 1, got 0.9'],
  ])('refuses %j', (options, message) => {
    expect(() => dynamicThreshold(options)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }));
  });
});
