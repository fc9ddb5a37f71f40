import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { sameTime } from './same-time.js';
import { ddimCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OdeOptions } from './walk.js';

/** How much of x̂₀ is added to, and of the one before taken from it: 1/(2r), r = h_{i−1}/h_i with h the steps of λ = ln(α/σ). */
function extrapolation(process: GaussianProcess, before: GridStep, step: GridStep): number {
  const [first, middle, last] = [before.t, step.t, step.tPrev].map((t) => process.logSnr(t)) as [number, number, number];
  return last === Number.POSITIVE_INFINITY ? 0 : (last - middle) / (middle - first) / 2;
}

/**
 * DPM-Solver++(2M), of second order, multistep (Lu et al. 2022, algorithm 2), on any grid of any Gaussian process: each step is DDIM's with an x̂₀
 * that is extrapolated from this step's and the one before. The denoiser is asked once a step. The first step and the one to σ = 0 are
 * DDIM's (`lower_order_final` of diffusers).
 *
 * @param x [B, …] start: x_T ~ N(0, prior); kept
 * @returns a new tensor shaped like x: a sample at the last tPrev
 * @throws LangevinError `invalid_argument` for a grid that does not descend
 */
export function dpmSolverPp2M(denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor, { onStep }: OdeOptions = {}): tf.Tensor {
  let last: tf.Tensor | null = null;
  try {
    return walk(grid, x, onStep, (step, index, current) => {
      const c = ddimCoefficients(process, step, 0);
      const x0 = tf.keep(denoiser(current, sameTime(x, step.t)));
      const [before, beforeX0] = [grid[index - 1], last];
      const more = before ? extrapolation(process, before, step) : 0;
      const ahead = beforeX0 ? tf.add(x0, tf.mul(more, tf.sub(x0, beforeX0))) : x0;
      const next = tf.add(tf.mul(c.x0, ahead), tf.mul(c.x, current));
      beforeX0?.dispose();
      last = x0;
      return next;
    });
  } finally {
    tf.dispose(last ?? []);
  }
}
