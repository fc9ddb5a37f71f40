import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { edmProcess } from '../processes/edm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { subVpProcess } from '../processes/sub-vp-process.js';
import { timeOfLogSnr } from '../processes/time-of-log-snr.js';
import { vpProcess } from '../processes/vp-process.js';
import { evenGrid, stepsThrough } from './chain-grid.js';
import { gridFlowLogLikelihood } from './grid-flow-log-likelihood.js';
import { tracedDenoiser } from './jacobian-trace.js';

const logNormal = (x: number, mean: number, variance: number) => -((x - mean) ** 2 / variance + Math.log(2 * Math.PI * variance)) / 2;
const points = [[0.3, -0.7, 1.1], [1.9, 1.2, 0.4], [-1, 0, 0.5]];
const data = { mean: 0.5, variance: 0.25 };
const table = ddpmProcess({ num_train_timesteps: 400, beta_schedule: 'squaredcos_cap_v2', beta_start: 0.1, beta_end: 0.2 });
const logSnr = ddpmProcess({ num_train_timesteps: 401, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 6, log_snr_min: -6 });
const longer = ddpmProcess({ num_train_timesteps: 401, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 6, log_snr_min: -14 });

/** Steps of equal length in λ. */
const even = (process: GaussianProcess, tStart: number, steps: number) => {
  const [low, high] = [process.logSnr(process.tMax), process.logSnr(tStart)];
  return stepsThrough(Array.from({ length: steps + 1 }, (_, i) => (i === 0 ? process.tMax : i === steps ? tStart : timeOfLogSnr(process, low + ((high - low) * i) / steps))));
};

/** What the flow, an affine map for N(½, ¼), makes of the prior. */
function exactOf(process: GaussianProcess, first: number, last: number) {
  const at = (t: number) => ({ mean: process.alpha(t) * 0.5, variance: process.alpha(t) ** 2 * 0.25 + process.sigma(t) ** 2 });
  const [start, end] = [at(last), at(first)];
  const latent = points.flat().map((x) => end.mean + Math.sqrt(end.variance / start.variance) * (x - start.mean));
  const terms = latent.map((z) => logNormal(z, 0, process.prior.standardDeviation ** 2) + Math.log(end.variance / start.variance) / 2);
  return { latent, logLikelihood: points.map((_, i) => terms.slice(3 * i, 3 * i + 3).reduce((a, b) => a + b)) };
}

describe('gridFlowLogLikelihood', () => {
  it.each([
    ['vp', vpProcess(), even(vpProcess(), 1e-2, 40)],
    ['sub-vp', subVpProcess(), even(subVpProcess(), 2e-2, 60)],
    ['edm', edmProcess(), even(edmProcess(), 0.02, 60)],
    ['cosine table', table, evenGrid(390, 10, 190)],
    ['linear λ', logSnr, evenGrid(400, 0, 40)],
    ['uneven', logSnr, [...evenGrid(400, 300, 5), ...evenGrid(300, 0, 50)]],
  ] as const)('of Gaussian data is in closed form what the flow makes of the prior: %s', (_, process, grid) =>
    tf.tidy(() => {
      const denoiser = tracedDenoiser(gaussianDenoiser(process, data), 'exact');
      const { logLikelihood, latent, evaluations } = gridFlowLogLikelihood(denoiser, process, grid, tf.tensor2d(points));
      const exact = exactOf(process, grid[0]!.t, grid.at(-1)!.tPrev);
      logLikelihood.forEach((value, i) => expect(Math.abs(value - exact.logLikelihood[i]!)).toBeLessThan(1e-3));
      latent.dataSync().forEach((value, i) => expect(Math.abs(value / exact.latent[i]! - 1)).toBeLessThan(1e-3));
      expect(evaluations).toBe(4 * grid.length);
    }),
  );

  it.each([
    ['linear λ', logSnr, [400, 0], [20, 40]],
    ['cosine table', table, [340, 20], [8, 16]],
  ] as const)('has an error of fourth order: %s', (_, process, [first, last], counts) =>
    tf.tidy(() => {
      const exact = exactOf(process, first, last).logLikelihood;
      const errors = counts.map((steps) => {
        const { logLikelihood } = gridFlowLogLikelihood(tracedDenoiser(gaussianDenoiser(process, data), 'exact'), process, evenGrid(first, last, steps), tf.tensor2d(points));
        return Math.hypot(...logLikelihood.map((value, i) => value - exact[i]!));
      });
      const slope = Math.log2(errors[0]! / errors[1]!);
      expect([slope > 3.6, slope < 4.4]).toEqual([true, true]);
    }),
  );

  it('of a mixture is its density', () =>
    tf.tidy(() => {
      const parts = [{ weight: 0.3, mean: [-1], variance: 0.09 }, { weight: 0.7, mean: [1], variance: 0.25 }];
      const xs = [-1.6, -0.9, -0.2, 0.4, 1.1, 2];
      const { logLikelihood } = gridFlowLogLikelihood(tracedDenoiser(mixtureDenoiser(longer, parts), 'exact'), longer, evenGrid(400, 0, 100), tf.tensor2d(xs.map((x) => [x])));
      const [alpha, sigma] = [longer.alpha(0), longer.sigma(0)];
      xs.forEach((x, i) => {
        const exact = parts.reduce((sum, { weight, mean, variance }) => sum + weight * Math.exp(logNormal(x, alpha * mean[0]!, alpha ** 2 * variance + sigma ** 2)), 0);
        expect(Math.abs(logLikelihood[i]! - Math.log(exact))).toBeLessThan(2e-3);
      });
    }));

  it('with all probes of sign is right on average, where directions differ', () =>
    tf.tidy(() => {
      const parts = [{ weight: 0.5, mean: [1, 1], variance: 0.09 }, { weight: 0.5, mean: [-1, -1], variance: 0.09 }];
      const [denoiser, grid] = [mixtureDenoiser(logSnr, parts), evenGrid(400, 0, 40)];
      const four = tf.tensor2d([[0.5, -0.2], [0.5, -0.2], [0.5, -0.2], [0.5, -0.2]]);
      const of = (divergence: 'exact' | tf.Tensor) => gridFlowLogLikelihood(tracedDenoiser(denoiser, divergence), logSnr, grid, four).logLikelihood;
      const [exact, probed] = [of('exact'), of(tf.tensor2d([[1, 1], [1, -1], [-1, 1], [-1, -1]]))];
      expect(Math.abs(probed.reduce((a, b) => a + b) / 4 - exact[0]!)).toBeLessThan(1e-4);
      expect(Math.abs(probed[0]! - probed[1]!)).toBeGreaterThan(0.1);
    }));

  it('leaves its latents and nothing else, and refuses what it cannot walk', () => {
    const x = tf.tensor2d(points);
    const before = tf.memory().numTensors;
    const denoiser = tracedDenoiser(gaussianDenoiser(logSnr, data), 'exact');
    const { latent } = gridFlowLogLikelihood(denoiser, logSnr, evenGrid(400, 0, 4), x);
    expect(latent.shape).toEqual([3, 3]);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(() => gridFlowLogLikelihood(denoiser, logSnr, [], x)).toThrow('a chain needs a step or more');
    tf.tidy(() => expect(() => gridFlowLogLikelihood(denoiser, logSnr, [{ t: 3, tPrev: 2 }], x)).toThrow('time 2.5 is not an integer'));
    tf.dispose([x, latent]);
  });
});
