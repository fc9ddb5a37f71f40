import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { splitLearnedVariance, toVarianceDenoiser } from './learned-variance.js';
import { toDenoiser } from './to-denoiser.js';

const process = ddpmProcess({ num_train_timesteps: 10, beta_schedule: 'linear', beta_start: 0.01, beta_end: 0.2 });

describe('splitLearnedVariance', () => {
  it('gives the first half of the channels, and (v + 1)/2 of the second', () => {
    const output = tf.tensor4d([1, 2, -1, 0.5, 3, 4, 1, 0], [1, 2, 1, 4]);
    const before = tf.memory().numTensors;
    const { prediction, fraction } = splitLearnedVariance(output);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect([prediction.shape, fraction.shape]).toEqual([[1, 2, 1, 2], [1, 2, 1, 2]]);
    expect([...prediction.dataSync()]).toEqual([1, 2, 3, 4]);
    expect([...fraction.dataSync()]).toEqual([0, 0.75, 1, 0.5]);
    tf.dispose([output, prediction, fraction]);
  });

  it('refuses an odd number of channels', () =>
    tf.tidy(() => {
      const refusal = { code: 'invalid_argument', message: 'a network that learns its variance has twice the channels of an image, got 3' };
      expect(() => splitLearnedVariance(tf.zeros([2, 3]))).toThrow(expect.objectContaining(refusal));
    }));
});

describe('toVarianceDenoiser', () => {
  it.each(['epsilon', 'sample', 'v_prediction', 'score'] as const)('is the denoiser of the first half, and the fraction of the second: %s', (type) => {
    const [x, t] = [tf.tensor2d([[0.3, -2], [1, 0]]), tf.tensor1d([2, 9])];
    const before = tf.memory().numTensors;
    const { x0, fraction } = toVarianceDenoiser((at) => tf.concat([tf.mul(0.5, at), tf.sub(at, 1)], 1), process, type)(x, t);
    expect(tf.memory().numTensors).toBe(before + 2);
    const expected = toDenoiser((at) => tf.mul(0.5, at), process, type)(x, t);
    expect([...x0.dataSync()]).toEqual([...expected.dataSync()]);
    fraction.dataSync().forEach((value, i) => expect(value).toBeCloseTo([0.15, -1, 0.5, 0][i]!, 6));
    tf.dispose([x, t, x0, fraction, expected]);
  });
});
