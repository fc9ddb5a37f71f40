import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { ddpmProcess } from './ddpm-process.js';
import type { GaussianProcess } from './gaussian-process.js';
import { marginalCoefficients } from './marginal-coefficients.js';

const ddpm = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
/** Variance exploding: α = 1, σ = t. */
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

describe('marginalCoefficients', () => {
  it.each([
    ['int32', ddpm, [0, 500, 999]],
    ['float32', ddpm, [999, 1]],
    ['float32', exploding, [0.25, 7]],
  ] as const)('gives each sample its own α and σ, shaped to broadcast (%s times)', (dtype, process, times) => {
    const before = tf.memory().numTensors;
    const t = tf.tensor1d([...times], dtype);
    const { alpha, sigma } = marginalCoefficients(process, t, 4);
    expect(alpha.shape).toEqual([times.length, 1, 1, 1]);
    expect([...alpha.dataSync()]).toEqual(times.map((time) => Math.fround(process.alpha(time))));
    expect([...sigma.dataSync()]).toEqual(times.map((time) => Math.fround(process.sigma(time))));
    tf.dispose([t, alpha, sigma]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
