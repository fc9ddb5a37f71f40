import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import { evenGrid } from '../likelihood/chain-grid.js';
import { priorTerm } from '../likelihood/elbo-terms.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { rateDistortion } from './rate-distortion.js';

const chain = (steps: number) => ddpmProcess({ num_train_timesteps: steps + 1, beta_schedule: 'linear_log_snr', beta_start: 0.1, beta_end: 0.2, log_snr_max: 8, log_snr_min: -8 });
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('rateDistortion', () => {
  /** All that is quadratic in x₀ and ε has its means over these as the expectations over N(½, ¼) and N(0, 1). */
  const fourPoints = () => [tf.tensor2d([[1], [1], [0], [0]]), tf.tensor2d([[1], [-1], [1], [-1]])] as const;
  const curve = (steps: number) => {
    const [process, [x0, eps]] = [chain(steps), fourPoints()];
    const points = rateDistortion(gaussianDenoiser(process, { mean: 0.5, variance: 0.25 }), process, x0, { grid: evenGrid(steps, 0), noise: () => eps });
    tf.dispose([x0, eps]);
    return points;
  };

  it('has the distortion of the posterior at each time, vσ²/(vα² + σ²)', () => {
    const process = chain(40);
    const points = curve(40);
    expect(points.map(({ t }) => t)).toEqual(evenGrid(40, 0).map(({ t }) => t));
    for (const { t, distortion } of points) {
      const [alpha2, sigma2] = [process.alpha(t) ** 2, process.sigma(t) ** 2];
      expect(Math.abs(mean(distortion) / ((0.25 * sigma2) / (0.25 * alpha2 + sigma2)) - 1)).toBeLessThan(1e-3);
    }
  });

  it('comes to Shannon’s D = v·2^(−2R), in first order of the steps', () => {
    // At λ = 4: R and D of x_t about the middle of the curve.
    const gaps = [40, 80, 160].map((steps) => {
      const points = curve(steps);
      const { rate, distortion } = points[0.75 * steps]!;
      return mean(rate) - Math.log2(0.25 / mean(distortion)) / 2;
    });
    for (const gap of gaps) expect(gap).toBeGreaterThan(0);
    for (const i of [0, 1]) expect(Math.abs(Math.log2(gaps[i]! / gaps[i + 1]!) - 1)).toBeLessThan(0.12);
    expect(gaps[2]).toBeLessThan(0.08);
  });

  it('begins with L_T, rises with each step, and shows less error', () => {
    const points = curve(20);
    tf.tidy(() => expect(mean(points[0]!.rate)).toBeCloseTo(mean(priorTerm(chain(20), fourPoints()[0])) / Math.LN2, 9));
    points.slice(1).forEach(({ rate, distortion }, i) => {
      expect(mean(rate)).toBeGreaterThan(mean(points[i]!.rate));
      expect(mean(distortion)).toBeLessThan(mean(points[i]!.distortion));
    });
  });

  it('counts bits and errors by elements, sends no rate for clean data, and leaves nothing behind', () => {
    const process = chain(4);
    const x0 = tf.tensor([0.3, -1, 0.3, -1], [1, 2, 2]);
    const eps = tf.tensor([0.5, 1, 0.5, 1], [1, 2, 2]);
    const one = tf.tensor([0.3, -1], [1, 2]);
    const half = tf.tensor([0.5, 1], [1, 2]);
    const before = tf.memory().numTensors;
    const denoiser = gaussianDenoiser(process, { mean: 0, variance: 1 });
    const grid = [...evenGrid(4, 0), { t: 0, tPrev: -1 }];
    const [whole, part] = [rateDistortion(denoiser, process, x0, { grid, noise: () => tf.clone(eps) }), rateDistortion(denoiser, process, one, { grid, noise: () => half })];
    expect(tf.memory().numTensors).toBe(before);
    whole.forEach(({ rate, distortion, estimate }, i) => {
      expect(rate[0]).toBeCloseTo(part[i]!.rate[0]!, 6);
      expect(distortion[0]).toBeCloseTo(part[i]!.distortion[0]!, 6);
      expect([...estimate.subarray(0, 2)]).toEqual([...part[i]!.estimate]);
      const error = [0.3, -1, 0.3, -1].reduce((sum, value, k) => sum + (value - estimate[k]!) ** 2, 0) / 4;
      expect(distortion[0]).toBeCloseTo(error, 6);
    });
    expect(whole).toHaveLength(5);
  });
});
