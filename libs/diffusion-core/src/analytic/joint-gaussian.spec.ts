import * as tf from '@tensorflow/tfjs-core';
import '../nn/testing/gradients.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { veProcess } from '../processes/ve-process.js';
import { gaussianDenoiser } from './gaussian.js';
import { jointGaussianDenoiser, linearPosterior, type JointGaussian } from './joint-gaussian.js';

const ddpm = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const pair: JointGaussian = { mean: [0.5, -1], covariance: [[1, 0.8], [0.8, 2]] };

/** E and variance of the first number of x₀ given that ln-weights of a grid of x₀ are these. */
function byQuadrature({ mean, covariance }: JointGaussian, logLikelihood: (a: number, b: number) => number) {
  const [[p, q], [, r]] = covariance as [[number, number], [number, number]];
  const det = p * r - q * q;
  const sums = [0, 0, 0, 0];
  for (let a = -8; a <= 8; a += 0.05) {
    for (let b = -8; b <= 8; b += 0.05) {
      const [u, v] = [a - mean[0]!, b - mean[1]!];
      const weight = Math.exp(-(r * u * u - 2 * q * u * v + p * v * v) / (2 * det) + logLikelihood(a, b));
      [1, a, b, a * a].forEach((value, i) => (sums[i]! += weight * value));
    }
  }
  const [total, first, second, square] = sums as [number, number, number, number];
  return { mean: [first / total, second / total], variance: square / total - (first / total) ** 2 };
}

describe('jointGaussianDenoiser', () => {
  it.each([[ddpm, [40, 300, 800]], [veProcess({ sigmaMin: 0.01, sigmaMax: 50 }), [0.3, 0.6, 0.9]]] as const)('is the mean of x₀ given x_t, by quadrature %#', (process, times) =>
    tf.tidy(() => {
      const points = [[0.4, -0.2], [1.5, -2], [-0.3, 0.7]];
      const result = jointGaussianDenoiser(process, pair)(tf.tensor(points, [3, 2, 1]), tf.tensor1d([...times])).arraySync() as number[][][];
      points.forEach(([x, y], i) => {
        const [alpha, sigma] = [process.alpha(times[i]!), process.sigma(times[i]!)];
        const exact = byQuadrature(pair, (a, b) => -((x! - alpha * a) ** 2 + (y! - alpha * b) ** 2) / (2 * sigma * sigma));
        exact.mean.forEach((value, d) => expect(Math.abs(result[i]![d]![0]! - value)).toBeLessThan(1e-4));
      });
    }),
  );

  it('is the denoiser of independent numbers where the covariance says so, and so is its gradient', () =>
    tf.tidy(() => {
      const [x, t] = [tf.tensor2d([[0.3, -2], [1, 4]]), tf.tensor1d([10, 700])];
      const joint = jointGaussianDenoiser(ddpm, { mean: [0.2, 0.2], covariance: [[0.5, 0], [0, 0.5]] });
      const single = gaussianDenoiser(ddpm, { mean: 0.2, variance: 0.5 });
      for (const f of [(d: typeof joint) => d(x, t), (d: typeof joint) => tf.grad((at) => tf.sum(tf.square(d(at, t))))(x)]) {
        expect(Math.max(...tf.abs(tf.sub(f(joint), f(single))).dataSync())).toBeLessThan(1e-5);
      }
    }));

  it('leaves only its result behind', () => {
    const [x, t] = [tf.zeros([2, 2]), tf.tensor1d([10, 700])];
    const before = tf.memory().numTensors;
    jointGaussianDenoiser(ddpm, pair)(x, t);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('refuses sizes that do not fit', () => {
    for (const wrong of [{ mean: [], covariance: [] }, { mean: [1], covariance: [] }, { mean: [1, 2], covariance: [[1, 0], [0]] }]) {
      expect(() => jointGaussianDenoiser(ddpm, wrong)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`a mean of ${wrong.mean.length} numbers`) }));
    }
  });
});

describe('linearPosterior', () => {
  it.each([
    [[[0, 1]], [0.4], 0],
    [[[1, 1]], [2], 0.3],
    [[[1, -0.5], [0.2, 2]], [1, -1], 0.5],
  ])('is p(x₀ | y) by quadrature: A = %j, y = %j, τ² = %d', (matrix, y, variance) => {
    const posterior = linearPosterior(pair, { matrix, y, variance });
    // Without noise the likelihood is taken for narrow; quadrature in steps of 0.05 resolves a deviation of 0.1.
    const tau2 = variance || 0.01;
    const exact = byQuadrature(pair, (a, b) => -matrix.reduce((sum, [p, q], i) => sum + (y[i]! - p! * a - q! * b) ** 2, 0) / (2 * tau2));
    const limit = variance === 0 ? 0.01 : 1e-4;
    exact.mean.forEach((value, d) => expect(Math.abs(posterior.mean[d]! - value)).toBeLessThan(limit));
    expect(Math.abs(posterior.covariance[0]![0]! - exact.variance)).toBeLessThan(limit);
  });

  it('of what is known exactly is the conditional law: mean m₁ + ρ(y − m₂), variance c₁₁ − c₁₂²/c₂₂, and nothing is left of what was seen', () => {
    const { mean, covariance } = linearPosterior(pair, { matrix: [[0, 1]], y: [1], variance: 0 });
    expect(mean[0]).toBeCloseTo(0.5 + 0.4 * 2, 12);
    expect(mean[1]).toBeCloseTo(1, 12);
    expect(covariance[0]![0]).toBeCloseTo(1 - 0.32, 12);
    for (const value of [covariance[0]![1], covariance[1]![0], covariance[1]![1]]) expect(value).toBeCloseTo(0, 12);
  });

  it('refuses sizes that do not fit', () => {
    for (const wrong of [{ matrix: [[1, 0]], y: [1, 2], variance: 1 }, { matrix: [[1]], y: [1], variance: 1 }]) {
      expect(() => linearPosterior(pair, wrong)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(`needs a matrix of ${wrong.y.length} rows of 2`) }));
    }
    expect(() => linearPosterior({ mean: [], covariance: [] }, { matrix: [], y: [], variance: 1 })).toThrow('a mean of 0 numbers');
  });
});
