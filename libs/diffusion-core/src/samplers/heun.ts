import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { sameTime } from './same-time.js';
import { ddimCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OdeOptions } from './walk.js';

/**
 * Heun's method of second order on the probability-flow ODE (Karras et al. 2022, algorithm 1), on any grid of any Gaussian process: with
 * z = x/α and ρ = σ/α the ODE is dz/dρ = (z − x̂₀)/ρ = ε̂ whatever the process. Each step asks the denoiser twice, the last to σ = 0
 * once: there it is Euler's, which is DDIM's.
 *
 * @param x [B, …] start: x_T ~ N(0, prior); kept
 * @returns a new tensor shaped like x: a sample at the last tPrev
 * @throws LangevinError `invalid_argument` for a grid that does not descend
 */
export function heun(denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor, { onStep }: OdeOptions = {}): tf.Tensor {
  const eps = (at: tf.Tensor, x0: tf.Tensor, t: number): tf.Tensor => tf.div(tf.sub(at, tf.mul(process.alpha(t), x0)), process.sigma(t));
  return walk(grid, x, onStep, ({ t, tPrev }, _, current) => {
    const c = ddimCoefficients(process, { t, tPrev }, 0);
    const x0 = denoiser(current, sameTime(x, t));
    const euler = tf.add(tf.mul(c.x0, x0), tf.mul(c.x, current));
    if (process.sigma(tPrev) === 0) return euler;
    // With the mean of both slopes instead of the first: z' + ½·(ρ' − ρ)·(ε̂' − ε̂).
    const [alphaPrev, rho] = [process.alpha(tPrev), process.sigma(t) / process.alpha(t)];
    const half = (process.sigma(tPrev) - alphaPrev * rho) / 2;
    const bend = tf.sub(eps(euler, denoiser(euler, sameTime(x, tPrev)), tPrev), eps(current, x0, t));
    return tf.add(euler, tf.mul(half, bend));
  });
}
