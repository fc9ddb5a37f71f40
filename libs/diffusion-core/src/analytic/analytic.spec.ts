import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { ddpmProcess } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { gaussianDenoiser, scoreOf } from './gaussian.js';
import { mixtureDenoiser, type MixtureComponent } from './gaussian-mixture.js';

const ddpm = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const exploding: GaussianProcess = {
  alpha: () => 1,
  sigma: (t) => t,
  logSnr: (t) => -2 * Math.log(t),
  drift: () => 0,
  diffusion2: (t) => 2 * t,
  tMin: 0,
  tMax: 80,
  prior: { standardDeviation: 80 },
};
const mixture: MixtureComponent[] = [
  { weight: 1, mean: [-1.5], variance: 0.04 },
  { weight: 3, mean: [0.5], variance: 0.25 },
];
const density = (x: number, mean: number, variance: number) =>
  Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

/** E[x₀ | x_t = x] of one-dimensional data by quadrature over x₀ (trapezoids of width 0.002 on [−8, 8]). */
function posteriorMean(process: GaussianProcess, prior: (x0: number) => number, x: number, t: number): number {
  let [numerator, denominator] = [0, 0];
  for (let x0 = -8; x0 <= 8; x0 += 0.002) {
    const joint = prior(x0) * density(x, process.alpha(t) * x0, process.sigma(t) ** 2);
    numerator += x0 * joint;
    denominator += joint;
  }
  return numerator / denominator;
}

const xs = [-1.2, 0.1, 2];
const cases = [
  ['DDPM', ddpm, [30, 300, 800]],
  ['VE', exploding, [0.1, 0.7, 3]],
] as const;

describe.each(cases)('exact denoisers under %s', (_, process, times) => {
  const at = () => [tf.tensor2d(xs, [3, 1]), tf.tensor1d([...times])] as const;

  it('gaussianDenoiser is the posterior mean found by quadrature', () =>
    tf.tidy(() => {
      const data = { mean: 0.4, variance: 0.3 };
      const result = gaussianDenoiser(process, data)(...at()).dataSync();
      xs.forEach((x, i) => {
        const expected = posteriorMean(process, (x0) => density(x0, data.mean, data.variance), x, times[i]!);
        expect(Math.abs(result[i]! - expected)).toBeLessThan(1e-5);
      });
    }));

  it('mixtureDenoiser is the posterior mean found by quadrature', () =>
    tf.tidy(() => {
      const result = mixtureDenoiser(process, mixture)(...at()).dataSync();
      const prior = (x0: number) =>
        mixture.reduce((sum, { weight, mean, variance }) => sum + (weight / 4) * density(x0, mean[0]!, variance), 0);
      xs.forEach((x, i) => expect(Math.abs(result[i]! - posteriorMean(process, prior, x, times[i]!))).toBeLessThan(2e-5));
    }));

  it('scoreOf the mixture is the slope of its log density', () =>
    tf.tidy(() => {
      const result = scoreOf(mixtureDenoiser(process, mixture), process)(...at()).dataSync();
      xs.forEach((x, i) => {
        const [alpha, sigma2] = [process.alpha(times[i]!), process.sigma(times[i]!) ** 2];
        const logDensity = (y: number) =>
          Math.log(
            mixture.reduce(
              (sum, { weight, mean, variance }) => sum + weight * density(y, alpha * mean[0]!, alpha ** 2 * variance + sigma2),
              0,
            ),
          );
        const slope = (logDensity(x + 1e-5) - logDensity(x - 1e-5)) / 2e-5;
        expect(Math.abs(result[i]! / slope - 1)).toBeLessThan(1e-3);
      });
    }));
});

describe('mixtureDenoiser', () => {
  const two: MixtureComponent[] = [
    { weight: 1, mean: [1, 1, 1, 1], variance: 0.1 },
    { weight: 1, mean: [-1, -1, -1, -1], variance: 0.1 },
  ];

  it('keeps the shape of images and treats each sample by itself', () =>
    tf.tidy(() => {
      const x = tf.tensor([1, 1, 1, 1, -1, -1, -1, -1], [2, 2, 2, 1]);
      const result = mixtureDenoiser(ddpm, two)(x, tf.tensor1d([0, 0]));
      expect(result.shape).toEqual([2, 2, 2, 1]);
      result.dataSync().forEach((value, i) => expect(value).toBeCloseTo(i < 4 ? 1 : -1, 3));
    }));

  it('with one component is the Gaussian denoiser', () =>
    tf.tidy(() => {
      const [x, t] = [
        tf.tensor2d([
          [0.3, -2],
          [1, 4],
        ]),
        tf.tensor1d([10, 700]),
      ];
      const one = mixtureDenoiser(ddpm, [{ weight: 5, mean: [0.2, 0.2], variance: 0.5 }])(x, t).dataSync();
      gaussianDenoiser(ddpm, { mean: 0.2, variance: 0.5 })(x, t)
        .dataSync()
        .forEach((value, i) => expect(Math.abs(value - one[i]!)).toBeLessThan(1e-5));
    }));

  it('leaves only its result behind', () => {
    const [x, t] = [tf.zeros([2, 4]), tf.tensor1d([10, 700])];
    const before = tf.memory().numTensors;
    const results = [mixtureDenoiser(ddpm, two)(x, t), scoreOf(gaussianDenoiser(ddpm, { mean: 0, variance: 1 }), ddpm)(x, t)];
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([x, t, ...results]);
  });

  it('refuses an empty mixture, a weight that is not positive and means of unequal length', () => {
    expect(() => mixtureDenoiser(ddpm, [])).toThrow('at least one component');
    expect(() => mixtureDenoiser(ddpm, [{ weight: 0, mean: [1], variance: 1 }])).toThrow('component 0');
    expect(() => mixtureDenoiser(ddpm, [two[0]!, { weight: 1, mean: [1], variance: 1 }])).toThrow('component 1');
  });
});
