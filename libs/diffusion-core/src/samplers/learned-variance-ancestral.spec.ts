import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { gaussianDenoiser } from '../analytic/gaussian.js';
import type { VarianceDenoiser } from '../parameterizations/learned-variance.js';
import { ddpmProcess } from '../processes/ddpm-process.js';
import { varianceLimits } from '../processes/reverse-variance.js';
import { ddpmAncestral } from './ddpm-ancestral.js';
import { learnedVarianceAncestral } from './learned-variance-ancestral.js';
import { ancestralCoefficients } from './step-coefficients.js';
import { timestepGrid } from './timestep-grid.js';

const process = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const data = { mean: 0, variance: 0.25 };
const exact = gaussianDenoiser(process, data);
const learning = (fractionAt: (t: number) => number): VarianceDenoiser => (x, t) => ({ x0: exact(x, t), fraction: tf.fill(x.shape, fractionAt(t.dataSync()[0]!)) });

/** The variance of what comes out: everything is linear in x and in the noises, and those are independent. */
function outputVariance(sample: (x: tf.Tensor, noise: (index: number) => tf.Tensor) => tf.Tensor, steps: number): number {
  return tf.tidy(() => {
    const answer = (at: number) => sample(tf.tensor2d([[at < 0 ? 1 : 0]]), (index) => tf.tensor2d([[index === at ? 1 : 0]])).dataSync()[0]!;
    return Array.from({ length: steps + 1 }, (_, i) => answer(i - 1) ** 2).reduce((a, b) => a + b);
  });
}

describe('learnedVarianceAncestral', () => {
  it.each([2, 5, 10])('draws from the data, whatever the number of steps, where the variance is right: %d', (count) => {
    const grid = timestepGrid(count, 'trailing');
    // Var(x_s | x_t) is β̃ and what the uncertainty of x₀ adds.
    const right = (t: number) => {
      const step = grid.find((one) => one.t === t)!;
      if (step.tPrev < 0) return 0;
      const { small, large } = varianceLimits(process, step);
      const uncertainty = (data.variance * process.sigma(t) ** 2) / (process.alpha(t) ** 2 * data.variance + process.sigma(t) ** 2);
      return Math.log(1 + (ancestralCoefficients(process, step, 'fixed_small').x0 ** 2 * uncertainty) / small) / Math.log(large / small);
    };
    const last = grid.at(-1)!.t;
    // The last step gives the mean of x₀, which varies less than x₀.
    const expected = (process.alpha(last) * data.variance) ** 2 / (process.alpha(last) ** 2 * data.variance + process.sigma(last) ** 2);
    const variance = outputVariance((x, noise) => learnedVarianceAncestral(learning(right), process, grid, x, { noise }), count);
    expect(Math.abs(variance / expected - 1)).toBeLessThan(1e-3);
    const fixed = outputVariance((x, noise) => ddpmAncestral(exact, process, grid, x, { noise }), count);
    expect(fixed).toBeLessThan(0.99 * expected);
  });

  it.each([[0, 'fixed_small'], [1, 'fixed_large']] as const)('is ancestral sampling with a fixed variance at the ends, of the fraction %d', (fraction, varianceType) =>
    tf.tidy(() => {
      const grid = timestepGrid(6, 'leading');
      const x = tf.tensor2d([[0.4, -1]]);
      const noise = (index: number) => tf.tensor2d([[Math.sin(index), Math.cos(index)]]);
      const seen: number[] = [];
      const got = learnedVarianceAncestral(learning(() => fraction), process, grid, x, { noise, onStep: (index) => seen.push(index) }).dataSync();
      ddpmAncestral(exact, process, grid, x, { noise, varianceType }).dataSync().forEach((value, i) => expect(Math.abs(got[i]! / value - 1)).toBeLessThan(1e-4));
      expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
    }),
  );

  it('asks for noise but for the last step, and leaves its result alone', () => {
    const x = tf.tensor2d([[0.4, -1]]);
    const before = tf.memory().numTensors;
    const asked: number[] = [];
    const noise = (index: number) => (asked.push(index), tf.zerosLike(x));
    learnedVarianceAncestral(learning(() => 0.5), process, timestepGrid(3, 'leading'), x, { noise }).dispose();
    expect(asked).toEqual([0, 1]);
    expect(() => learnedVarianceAncestral(learning(() => 0.5), process, timestepGrid(3, 'leading'), x)).toThrow('step 0 adds noise: pass options.noise');
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});
