import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { edmProcess } from '../processes/edm-process.js';
import { subVpProcess } from '../processes/sub-vp-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { predictionToX0 } from './conversions.js';
import { edmNoiseLabel, edmTrainingSigma, preconditioned, preconditioning } from './preconditioning.js';

const pairs = [[0.9, Math.sqrt(1 - 0.81)], [0.3, 0.91], [1, 4], [1, 0.02]].map(([alpha, sigma]) => ({ alpha: alpha!, sigma: sigma! }));

describe('preconditioning', () => {
  it.each(['epsilon', 'sample', 'v_prediction', 'score'] as const)('is what the prediction means: %s', (type) =>
    tf.tidy(() => {
      for (const { alpha, sigma } of pairs) {
        const { skip, out, in: scale } = preconditioning(type, { alpha, sigma });
        const x0 = predictionToX0(type, tf.tensor1d([0.7]), tf.tensor1d([-1.3]), { alpha: tf.scalar(alpha), sigma: tf.scalar(sigma) }).dataSync()[0]!;
        expect(Math.abs((skip * -1.3 + out * 0.7) / x0 - 1)).toBeLessThan(1e-5);
        expect(scale).toBe(1);
      }
    }),
  );

  it.each([0.5, 1.7])('of EDM is table 1 of Karras et al. at α = 1, σ_data = %d', (sigmaData) => {
    for (const sigma of [0.02, 0.5, 4]) {
      const { skip, out, in: scale } = preconditioning('edm', { alpha: 1, sigma }, { sigmaData });
      expect(skip).toBeCloseTo(sigmaData ** 2 / (sigma ** 2 + sigmaData ** 2), 12);
      expect(out).toBeCloseTo((sigma * sigmaData) / Math.sqrt(sigmaData ** 2 + sigma ** 2), 12);
      expect(scale).toBeCloseTo(1 / Math.sqrt(sigma ** 2 + sigmaData ** 2), 12);
    }
    expect(preconditioning('edm', { alpha: 1, sigma: 2 })).toEqual(preconditioning('edm', { alpha: 1, sigma: 2 }, { sigmaData: 0.5 }));
  });

  it('of EDM gives inputs and targets of F unit variance at every level, and amplifies its errors least', () => {
    for (const { alpha, sigma } of pairs) {
      const sigmaData = 0.8;
      const { skip, out, in: scale } = preconditioning('edm', { alpha, sigma }, { sigmaData });
      expect(scale ** 2 * (alpha ** 2 * sigmaData ** 2 + sigma ** 2)).toBeCloseTo(1, 12);
      // F's target is (x₀ − c_skip·x)/c_out.
      const errorOf = (c: number) => (1 - c * alpha) ** 2 * sigmaData ** 2 + c * c * sigma ** 2;
      expect(errorOf(skip) / out ** 2).toBeCloseTo(1, 12);
      for (const other of [skip * 1.01, skip * 0.99]) expect(errorOf(other)).toBeGreaterThan(out ** 2);
    }
  });

  it('of EDM is −v where α² + σ² = 1 and σ_data = 1', () => {
    const [edm, v] = (['edm', 'v_prediction'] as const).map((type) => preconditioning(type, pairs[0]!, { sigmaData: 1 }));
    expect(edm!.skip).toBeCloseTo(v!.skip, 12);
    expect(edm!.out).toBeCloseTo(-v!.out, 12);
    expect(edm!.in).toBeCloseTo(1, 12);
  });
});

describe('preconditioned', () => {
  it('goes the way in and out for each sample with its own time, and leaves its result alone', () => {
    const process = subVpProcess();
    const [x, t] = [tf.tensor3d([1, 2, -1, 0.5], [2, 2, 1]), tf.tensor1d([0.3, 0.8])];
    const before = tf.memory().numTensors;
    const result = preconditioned((at, times) => tf.mul(tf.reshape(times, [2, 1, 1]), tf.square(at)), process, 'edm', { sigmaData: 0.7 })(x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
    const [values, times] = [x.dataSync(), t.dataSync()];
    result.dataSync().forEach((value, i) => {
      const time = times[Math.floor(i / 2)]!;
      const c = preconditioning('edm', { alpha: process.alpha(time), sigma: process.sigma(time) }, { sigmaData: 0.7 });
      expect(value).toBeCloseTo(c.skip * values[i]! + c.out * time * (c.in * values[i]!) ** 2, 5);
    });
    tf.dispose([x, t, result]);
  });
});

describe('EDM', () => {
  it('tells ¼·ln σ̃', () => {
    expect(edmNoiseLabel(edmProcess(), 3)).toBeCloseTo(Math.log(3) / 4, 12);
    const vp = vpProcess();
    expect(edmNoiseLabel(vp, 0.4)).toBeCloseTo(Math.log(vp.sigma(0.4) / vp.alpha(0.4)) / 4, 12);
  });
  it('trains on log-normal noise', () => {
    expect(edmTrainingSigma(0)).toBeCloseTo(Math.exp(-1.2), 12);
    expect(edmTrainingSigma(2)).toBeCloseTo(Math.exp(1.2), 12);
    expect(edmTrainingSigma(1, { mean: 0.5, standardDeviation: 2 })).toBeCloseTo(Math.exp(2.5), 12);
  });
});
