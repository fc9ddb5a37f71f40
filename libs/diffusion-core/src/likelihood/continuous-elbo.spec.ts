import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { cosineProcess } from '../processes/cosine-process.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { interpolatedProcess } from '../processes/interpolated-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { edmProcess } from '../processes/edm-process.js';
import { meanWithError } from './bits.js';
import { continuousElbo, logSnrTimes } from './continuous-elbo.js';
import { decoderTerm, priorTerm } from './elbo-terms.js';

const data = { mean: 0.5, variance: 0.25 };
const normalKl = (mean: number, variance: number, variance2: number) => (Math.log(variance2 / variance) + (variance + mean ** 2) / variance2 - 1) / 2;
const table = ddpmProcess({ num_train_timesteps: 50, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 5, log_snr_min: -5 });
const cases: [string, GaussianProcess, [number, number]][] = [
  ['vp', vpProcess(), [1, 0.02]],
  ['cosine', cosineProcess({ logSnrMin: -8 }), [0.9, 0.05]],
  ['edm', edmProcess(), [20, 0.1]],
  ['between the times of a table', interpolatedProcess(table), [49, 0]],
];

describe('continuousElbo', () => {
  it.each(cases)('is −ln p for an exact denoiser and decoder, without a gap: %s', (_, process, ends) =>
    tf.tidy(() => {
      // What is quadratic in x₀ and ε has the means over these as its expectations.
      const [x0, eps] = [tf.tensor2d([[1], [1], [0], [0]]), tf.tensor2d([[1], [-1], [1], [-1]])];
      const [first, last] = ends;
      const deviation = Math.sqrt((data.variance * process.sigma(last) ** 2) / (process.alpha(last) ** 2 * data.variance + process.sigma(last) ** 2));
      const decoder = { kind: 'density', deviation } as const;
      const times = logSnrTimes(process, ends, 80, 0.5);
      const before = tf.memory().numTensors;
      const bound = continuousElbo(gaussianDenoiser(process, data), process, x0, { ends, times: [times, times, times, times], decoder, noise: () => eps });
      const fresh = continuousElbo(gaussianDenoiser(process, data), process, x0, { ends, times: [times, times, times, times], decoder, noise: () => tf.clone(eps) });
      expect(tf.memory().numTensors).toBe(before);
      expect(fresh).toEqual(bound);
      const [alpha, sigma] = [process.alpha(first), process.sigma(first)];
      const exact = Math.log(2 * Math.PI * Math.E * data.variance) / 2 + normalKl(alpha * data.mean, alpha ** 2 * data.variance + sigma ** 2, process.prior.standardDeviation ** 2);
      expect(Math.abs(meanWithError(bound.total).mean - exact)).toBeLessThan(2e-3);
      bound.total.forEach((nats, i) => expect(nats).toBeCloseTo(bound.prior[i]! + bound.diffusion[i]! + bound.decoder[i]!, 12));
      expect([...bound.prior]).toEqual([...priorTerm(process, x0, first)]);
      expect([...bound.decoder]).toEqual([...decoderTerm(gaussianDenoiser(process, data), process, x0, { t: last, decoder, eps })]);
    }),
  );

  it('takes the noise and the times of each sample and term', () =>
    tf.tidy(() => {
      const process = vpProcess();
      const x0 = tf.tensor2d([[1, 0.5], [0, -1]]);
      const noise = (term: number) => tf.fill([2, 2], [9, 0.3, -0.7][term]!);
      const times = [[{ t: 0.3, weight: 2 }, { t: 0.5, weight: 1 }], [{ t: 0.7, weight: 0.5 }, { t: 0.2, weight: 0 }]];
      const { diffusion } = continuousElbo(gaussianDenoiser(process, data), process, x0, { ends: [1, 0.1], times, decoder: { kind: 'density', deviation: 1 }, noise });
      const term = (x: number, t: number, z: number) => {
        const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
        const estimate = 0.5 + ((alpha * 0.25) / (alpha ** 2 * 0.25 + sigma ** 2)) * (alpha * x + sigma * z - alpha * 0.5);
        return (Math.exp(process.logSnr(t)) * (x - estimate) ** 2) / 2;
      };
      expect(diffusion[0]).toBeCloseTo([1, 0.5].reduce((sum, x) => sum + 2 * term(x, 0.3, 0.3) + term(x, 0.5, -0.7), 0), 4);
      expect(diffusion[1]).toBeCloseTo([0, -1].reduce((sum, x) => sum + 0.5 * term(x, 0.7, 0.3), 0), 4);
    }));
});

describe('logSnrTimes', () => {
  it('are even in λ, shifted by u, each with its share', () => {
    const process = vpProcess();
    const [low, high] = [process.logSnr(0.9), process.logSnr(0.1)];
    for (const u of [0, 0.25]) {
      logSnrTimes(process, [0.9, 0.1], 4, u).forEach(({ t, weight }, i) => {
        expect(weight).toBeCloseTo((high - low) / 4, 12);
        expect(process.logSnr(t)).toBeCloseTo(high - (i + u) * weight, 9);
      });
    }
  });

  it.each([
    [[0.9, 0.1], 0],
    [[0.9, 0.1], 1.5],
    [[0.1, 0.9], 3],
    [[0.5, 0.5], 3],
  ] as [[number, number], number][])('refuses the ends %j with %d times', (ends, count) => {
    const message = `needs one time or more between ${ends[0]} and, with less noise, ${ends[1]}; got ${count}`;
    expect(() => logSnrTimes(vpProcess(), ends, count, 0)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });
});
