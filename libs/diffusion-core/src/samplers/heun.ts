import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { ddimCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OnStep } from './walk.js';

/** Options of the samplers that add no noise. */
export interface OdeOptions {
  readonly onStep?: OnStep;
}

/**
 * Heun's method of second order on the probability-flow ODE (Karras et al. 2022, algorithm 1), on any grid of any Gaussian process: with
 * z = x/α and ρ = σ/α the ODE is dz/dρ = (z − x̂₀)/ρ whatever the process. Each step asks the denoiser twice, the last to σ = 0
 * once: there it is Euler's, which is DDIM's.
 *
 * @param x [B, …] start: x_T ~ N(0, prior); kept
 * @returns a new tensor shaped like x: a sample at the last tPrev
 * @throws LangevinError `invalid_argument` for a grid that does not descend
 */
export function heun(denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor, { onStep }: OdeOptions = {}): tf.Tensor {
  const times = (t: number): tf.Tensor1D => tf.fill([x.shape[0] ?? 1], t);
  return walk(grid, x, onStep, (step, _, current) => {
    const c = ddimCoefficients(process, step, 0);
    const x0 = denoiser(current, times(step.t));
    const euler = tf.add(tf.mul(c.x0, x0), tf.mul(c.x, current));
    if (process.sigma(step.tPrev) === 0) return euler;
    // The mean of the slopes (z − x̂₀)/ρ at both ends: z' = z + ½·(ρ' − ρ)·(…), as factors of x, x̂₀, Euler's x' and its x̂₀'.
    const [alpha, alphaPrev] = [process.alpha(step.t), process.alpha(step.tPrev)];
    const [rho, rhoPrev] = [process.sigma(step.t) / alpha, process.sigma(step.tPrev) / alphaPrev];
    const half = (rhoPrev - rho) / 2;
    const [there, here] = [(alphaPrev * half) / rhoPrev, (alphaPrev * half) / rho];
    const x0There = denoiser(euler, times(step.tPrev));
    const fromHere = tf.sub(tf.mul((alphaPrev + here) / alpha, current), tf.mul(here, x0));
    return tf.add(fromHere, tf.sub(tf.mul(there / alphaPrev, euler), tf.mul(there, x0There)));
  });
}
