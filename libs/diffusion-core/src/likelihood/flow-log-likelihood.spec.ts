import '../nn/testing/gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { mixtureDenoiser } from '../analytic/gaussian-mixture.js';
import { edmProcess } from '../processes/edm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { subVpProcess } from '../processes/sub-vp-process.js';
import { vpProcess } from '../processes/vp-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import { flowLogLikelihood } from './flow-log-likelihood.js';

const logNormal = (x: number, mean: number, variance: number) => -((x - mean) ** 2 / variance + Math.log(2 * Math.PI * variance)) / 2;

/** Four points of three elements. */
const points = [
  [0.3, -0.7, 1.1],
  [1.9, 1.2, 0.4],
  [-1, 0, 0.5],
  [0.9, 1.1, 2.4],
];

const processes: [string, GaussianProcess, number][] = [
  ['vp', vpProcess(), 1e-3],
  ['sub-vp', subVpProcess(), 1e-2],
  ['edm', edmProcess(), 0.01],
];

/** Gaussian data with the mean ½ and the variance ¼: what p is at tStart, and where the flow must end. */
function exactOf(process: GaussianProcess, tStart: number): { logLikelihood: number[]; latent: number[] } {
  const at = (t: number) => ({ mean: process.alpha(t) * 0.5, variance: process.alpha(t) ** 2 * 0.25 + process.sigma(t) ** 2 });
  const [start, end, prior] = [at(tStart), at(process.tMax), process.prior.standardDeviation ** 2];
  const latent = points.flat().map((x) => end.mean + Math.sqrt(end.variance / start.variance) * (x - start.mean));
  const logJacobian = Math.log(end.variance / start.variance) / 2;
  const terms = latent.map((z) => logNormal(z, 0, prior) + logJacobian);
  return { latent, logLikelihood: points.map((_, i) => terms.slice(3 * i, 3 * i + 3).reduce((a, b) => a + b)) };
}

describe('flowLogLikelihood', () => {
  it.each(processes)('of Gaussian data is in closed form what the flow, an affine map, makes of the prior: %s', (_, process, tStart) =>
    tf.tidy(() => {
      const denoiser = gaussianDenoiser(process, { mean: 0.5, variance: 0.25 });
      const { logLikelihood, latent, evaluations } = flowLogLikelihood(denoiser, process, tf.tensor2d(points), { tStart, divergence: 'exact' });
      const exact = exactOf(process, tStart);
      logLikelihood.dataSync().forEach((value, i) => expect(Math.abs(value - exact.logLikelihood[i]!)).toBeLessThan(2e-3));
      latent.dataSync().forEach((value, i) => expect(Math.abs(value / exact.latent[i]! - 1)).toBeLessThan(2e-3));
      expect(evaluations).toBeLessThan(1000);
    }),
  );

  it('of Gaussian data is the density itself, up to what is left of the signal in the prior', () =>
    tf.tidy(() => {
      const process = vpProcess();
      const denoiser = gaussianDenoiser(process, { mean: 0.5, variance: 0.25 });
      const { logLikelihood } = flowLogLikelihood(denoiser, process, tf.tensor2d(points), { tStart: 1e-3, divergence: 'exact' });
      points.forEach((point, i) => {
        const exact = point.map((x) => logNormal(x, 0.5, 0.25)).reduce((a, b) => a + b);
        expect(Math.abs(logLikelihood.dataSync()[i]! - exact)).toBeLessThan(0.03);
      });
    }),
  );

  it('of a mixture is its density, which integrates to 1', () =>
    tf.tidy(() => {
      const process = vpProcess();
      const [tStart, count, width] = [2e-3, 161, 0.05];
      const parts = [
        { weight: 0.3, mean: [-1], variance: 0.09 },
        { weight: 0.7, mean: [1], variance: 0.25 },
      ];
      const grid = Array.from({ length: count }, (_, i) => [(i - (count - 1) / 2) * width]);
      const { logLikelihood } = flowLogLikelihood(mixtureDenoiser(process, parts), process, tf.tensor2d(grid), { tStart, divergence: 'exact' });
      const densities = [...logLikelihood.dataSync()].map(Math.exp);
      expect(Math.abs(densities.reduce((sum, p) => sum + p * width, 0) - 1)).toBeLessThan(5e-3);
      const [alpha, sigma] = [process.alpha(tStart), process.sigma(tStart)];
      grid.forEach(([x], i) => {
        const exact = parts.reduce((sum, { weight, mean, variance }) => sum + weight * Math.exp(logNormal(x!, alpha * mean[0]!, alpha ** 2 * variance + sigma ** 2)), 0);
        expect(Math.abs(densities[i]! - exact)).toBeLessThan(6e-3);
      });
    }),
  );

  it('with a probe is that of the exact divergence, where the Jacobian is the same in all directions', () =>
    tf.tidy(() => {
      const process = edmProcess();
      const denoiser = gaussianDenoiser(process, { mean: 0.5, variance: 0.25 });
      const x = tf.tensor2d(points);
      const signs = tf.sign(tf.tensor2d(new PhiloxStream({ seed: 1, purpose: 'samplerNoise', step: 0 }).fillNormal(new Float32Array(12)), [4, 3]));
      const [exact, probed] = (['exact', signs] as const).map((divergence) => flowLogLikelihood(denoiser, process, x, { tStart: 0.01, divergence }).logLikelihood.dataSync());
      probed!.forEach((value, i) => expect(Math.abs(value - exact![i]!)).toBeLessThan(1e-3));
    }),
  );

  it('with probes of sign is right on average where directions differ', () =>
    tf.tidy(() => {
      const process = vpProcess();
      // Two elements that know of each other: x₀ = 1, 1 or −1, −1.
      const parts = [
        { weight: 0.5, mean: [1, 1], variance: 0.09 },
        { weight: 0.5, mean: [-1, -1], variance: 0.09 },
      ];
      const denoiser = mixtureDenoiser(process, parts);
      const one = [0.5, -0.2];
      const exact = flowLogLikelihood(denoiser, process, tf.tensor2d([one]), { tStart: 0.01, divergence: 'exact' }).logLikelihood.dataSync()[0]!;
      // All four probes of signs: their mean has no error of sampling.
      const probes = tf.tensor2d([[1, 1], [1, -1], [-1, 1], [-1, -1]]);
      const four = flowLogLikelihood(denoiser, process, tf.tensor2d([one, one, one, one]), { tStart: 0.01, divergence: probes }).logLikelihood.dataSync<'float32'>();
      expect(Math.abs(four.reduce((a, b) => a + b) / 4 - exact)).toBeLessThan(2e-3);
      expect(Math.abs(four[0]! - four[1]!)).toBeGreaterThan(0.1);
    }),
  );

  it('leaves what it returns and nothing else, and refuses what cannot be', () => {
    const process = edmProcess();
    const denoiser = gaussianDenoiser(process, { mean: 0, variance: 1 });
    const x = tf.tensor2d([[1, 2]]);
    const before = tf.memory().numTensors;
    const { logLikelihood, latent } = flowLogLikelihood(denoiser, process, x, { tStart: 0.1, divergence: 'exact', rtol: 1e-3 });
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(() => flowLogLikelihood(denoiser, process, x, { tStart: 0, divergence: 'exact' })).toThrow('at time 0 data are clean');
    tf.tidy(() => expect(() => flowLogLikelihood(denoiser, process, x, { tStart: 0.1, divergence: tf.ones([2, 1]) })).toThrow("the shape [2, 1] instead of x's [1, 2]"));
    tf.dispose([x, logLikelihood, latent]);
  });
});
