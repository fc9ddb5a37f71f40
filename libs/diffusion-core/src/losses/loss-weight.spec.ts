import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { predictionToX0, trainingTarget } from '../parameterizations/conversions.js';
import type { PredictionType } from '../parameterizations/denoiser.js';
import { preconditioning } from '../parameterizations/preconditioning.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { edmProcess } from '../processes/edm-process.js';
import { subVpProcess } from '../processes/sub-vp-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { lossWeight, predictionGain, type LossWeighting } from './loss-weight.js';

const types: PredictionType[] = ['epsilon', 'sample', 'v_prediction', 'score'];
const processes = [
  ['vp', vpProcess(), [0.05, 0.4, 0.9]],
  ['sub-vp', subVpProcess(), [0.1, 0.5, 0.9]],
  ['edm', edmProcess(), [0.05, 0.9, 20]],
] as const;

describe.each(processes)('%s', (_, process, times) => {
  const at = (t: number) => ({ alpha: process.alpha(t), sigma: process.sigma(t) });
  const snrOf = (t: number) => Math.exp(process.logSnr(t));

  it.each(types)('predictionGain is the error of the prediction that an error of x̂₀ makes: %s', (type) =>
    tf.tidy(() => {
      for (const t of times) {
        const [alpha, sigma] = [tf.scalar(process.alpha(t)), tf.scalar(process.sigma(t))];
        const [x0, eps] = [tf.tensor1d([0.7]), tf.tensor1d([-0.4])];
        const x = tf.add(tf.mul(alpha, x0), tf.mul(sigma, eps)) as tf.Tensor1D;
        const target = trainingTarget(type, x0, eps, { alpha, sigma });
        // x̂₀ is affine in the prediction: the slope of a long step is exact.
        const read = (prediction: tf.Tensor) => predictionToX0(type, prediction, x, { alpha, sigma }).dataSync()[0]!;
        const moved = read(tf.add(target, 1)) - read(target);
        expect(Math.abs(predictionGain(type, at(t)) * moved ** 2 - 1)).toBeLessThan(2e-3);
      }
    }),
  );

  it.each(types)('weightings are those of the papers, whatever is predicted: %s', (type) => {
    const ofX0 = (weighting: LossWeighting, t: number, options = {}) => lossWeight(weighting, type, process, t, options) * predictionGain(type, at(t));
    for (const t of times) {
      const snr = snrOf(t);
      expect(lossWeight('simple', type, process, t)).toBe(1);
      expect(ofX0('min_snr', t) / Math.min(snr, 5)).toBeCloseTo(1, 9);
      expect(ofX0('min_snr', t, { gamma: 0.5 }) / Math.min(snr, 0.5)).toBeCloseTo(1, 9);
      expect(ofX0('truncated_snr', t) / Math.max(snr, 1)).toBeCloseTo(1, 9);
      // EDM: all errors of F alike: 1/c_out².
      for (const sigmaData of [0.5, 2]) expect(ofX0('edm', t, { sigmaData }) * preconditioning('edm', at(t), { sigmaData }).out ** 2).toBeCloseTo(1, 9);
      expect(ofX0('edm', t)).toBe(ofX0('edm', t, { sigmaData: 0.5 }));
      // −dSNR/dt, by a central difference.
      const h = 1e-4 * t;
      expect(ofX0('likelihood', t) / ((snrOf(t - h) - snrOf(t + h)) / (2 * h))).toBeCloseTo(1, 5);
    }
  });
});

it('of min-SNR on ε and v are the formulas of Hang et al.', () => {
  const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'squaredcos_cap_v2', beta_start: 0.1, beta_end: 0.2 });
  for (const t of [10, 500, 950]) {
    const snr = Math.exp(process.logSnr(t));
    expect(lossWeight('min_snr', 'epsilon', process, t)).toBeCloseTo(Math.min(1, 5 / snr), 9);
    expect(lossWeight('min_snr', 'v_prediction', process, t)).toBeCloseTo(Math.min(snr, 5) / (snr + 1), 9);
  }
});
