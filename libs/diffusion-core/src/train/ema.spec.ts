import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { emaDecay, emaStep } from './ema.js';

const options = { maxDecay: 0.9999, inverseGamma: 1, power: 0.75 };

describe('emaDecay', () => {
  it('is 1 − (1 + k/inverseGamma)^−power until maxDecay, as in k-diffusion', () => {
    for (const k of [1, 2, 10, 1000]) {
      expect(Math.abs(emaDecay(k, options) - (1 - (1 + k) ** -0.75))).toBeLessThan(1e-7);
    }
    expect(Math.abs(emaDecay(30, { ...options, inverseGamma: 10, power: 2 / 3 }) - (1 - 4 ** (-2 / 3)))).toBeLessThan(1e-7);
    expect(emaDecay(10_000_000, options)).toBe(Math.fround(0.9999));
  });

  it('reaches the landmarks that k-diffusion documents: 0.999 at 10 K steps, 0.9999 at 215.4 K with power ¾', () => {
    expect(emaDecay(10_000, { ...options, maxDecay: 1 })).toBeCloseTo(0.999, 6);
    expect(emaDecay(215_443, { ...options, maxDecay: 1 })).toBeCloseTo(0.9999, 7);
  });

  it('begins at 0 and never falls', () => {
    expect(emaDecay(0, options)).toBe(0);
    for (let k = 0; k < 200; k++) expect(emaDecay(k + 1, options)).toBeGreaterThan(emaDecay(k, options));
  });

  it('refuses k below 0 and an inverseGamma that is not positive', () => {
    expect(() => emaDecay(-1, options)).toThrow('got -1 and 1');
    expect(() => emaDecay(0, { ...options, inverseGamma: 0 })).toThrow('got 0 and 0');
  });
});

describe('emaStep', () => {
  it('mixes by the decay, and with power 1 is the plain mean of all that came', () =>
    tf.tidy(() => {
      const history = [3, 5, 10, 2];
      let ema: tf.Tensor1D = tf.tensor1d([0]);
      history.forEach((value, k) => {
        // 1 − (1 + k)^−1 = k/(k + 1): a running mean.
        ema = emaStep(ema, tf.tensor1d([value]), emaDecay(k, { ...options, power: 1 }));
      });
      expect(ema.dataSync()[0]).toBeCloseTo(5, 5);
    }));

  it('copies the parameters exactly at decay 0, and gives the same bits for a tensor decay', () =>
    tf.tidy(() => {
      const [ema, params] = [tf.tensor1d([1e30, -0.1]), tf.tensor1d([0.3, 0.7])];
      expect([...emaStep(ema, params, 0).dataSync()]).toEqual([...params.dataSync()]);
      const decay = emaDecay(7, options);
      expect([...emaStep(ema, params, decay).dataSync()]).toEqual([...emaStep(ema, params, tf.scalar(decay)).dataSync()]);
    }));

  it('leaves one new vector', () => {
    const [ema, params] = [tf.tensor1d([1]), tf.tensor1d([2])];
    const before = tf.memory().numTensors;
    const next = emaStep(ema, params, 0.5);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose([ema, params, next]);
  });
});
