import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { evenGrid } from './chain-grid.js';
import { decoderTerm } from './elbo-terms.js';
import { flowBound } from './flow-bound.js';
import { tracedDenoiser } from './jacobian-trace.js';
import { levelValues } from './levels.js';

const process = ddpmProcess({ num_train_timesteps: 161, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 7, log_snr_min: -14 });

describe('flowBound', () => {
  it('is −ln p(x_t) + ln q(x_t | x₀) − ln P(x₀ | x_t), each of its parts in closed form', () =>
    tf.tidy(() => {
      const [x0, eps] = [tf.tensor2d([[0.4, -1], [1.2, 0]]), tf.tensor2d([[0.5, -0.3], [-2, 0.7]])];
      const exact = gaussianDenoiser(process, { mean: 0.5, variance: 0.25 });
      const before = tf.memory().numTensors;
      const decoder = { kind: 'density', deviation: 0.1 } as const;
      const bound = flowBound(tracedDenoiser(exact, 'exact'), process, x0, { grid: evenGrid(160, 10, 75), decoder, eps });
      expect(tf.memory().numTensors).toBe(before);
      const [alpha, sigma] = [process.alpha(10), process.sigma(10)];
      const normal = (x: number, mean: number, variance: number) => -((x - mean) ** 2 / variance + Math.log(2 * Math.PI * variance)) / 2;
      [[[0.4, 0.5], [-1, -0.3]], [[1.2, -2], [0, 0.7]]].forEach((rows, i) => {
        const sum = (term: (x: number, noise: number) => number) => rows.reduce((all, [x, noise]) => all + term(x!, noise!), 0);
        expect(Math.abs(bound.flow[i]! - sum((x, z) => -normal(alpha * x + sigma * z, alpha * 0.5, alpha ** 2 * 0.25 + sigma ** 2)))).toBeLessThan(3e-3);
        expect(bound.noise[i]).toBeCloseTo(sum((_, z) => normal(sigma * z, 0, sigma ** 2)), 5);
        expect(bound.total[i]).toBeCloseTo(bound.flow[i]! + bound.noise[i]! + bound.decoder[i]!, 12);
      });
      expect([...bound.decoder]).toEqual([...decoderTerm(exact, process, x0, { t: 10, decoder, eps })]);
    }));

  it('of 16 equally frequent levels is 4 bits, with a decoder that is right', () =>
    tf.tidy(() => {
      const values = levelValues(16);
      const noises = Array.from({ length: 21 }, (_, i) => (i - 10) * 0.4);
      const weights = noises.flatMap((z) => values.map(() => (Math.exp((-z * z) / 2) * 0.4) / Math.sqrt(2 * Math.PI) / 16));
      const [x0, eps] = [tf.tensor2d(noises.flatMap(() => values.map((value) => [value]))), tf.tensor2d(noises.flatMap((z) => values.map(() => [z])))];
      const denoiser = mixtureDenoiser(process, values.map((value) => ({ weight: 1, mean: [value], variance: 0 })));
      // Where levels melt into each other, and the flow is smooth.
      const { total } = flowBound(tracedDenoiser(denoiser, 'exact'), process, x0, { grid: evenGrid(160, 30, 65), decoder: { kind: 'bayes', levels: 16 }, eps });
      expect(Math.abs(total.reduce((sum, nats, i) => sum + weights[i]! * nats, 0) / Math.LN2 - 4)).toBeLessThan(2e-3);
    }));
});
