import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { flowStep, predict, weightedSum } from './flow-step.js';
import { lagrangeIntegrals } from './lagrange-integrals.js';
import { noiseRatio } from './noise-ratio.js';
import { sampler } from './sampler.js';
import { walk, type OdeOptions } from './walk.js';

/** Options of the multistep methods of Adams' kind. */
export interface AdamsOptions extends OdeOptions {
  /** From how many steps ε̂ is extrapolated: 1 to 4. The first steps have fewer. @default 4 for `lms`, 3 for `deis` */
  readonly order?: number;
}

/** Steps of x/α over ρ = σ/α with the integral of the polynomial through the last values of ε̂, as a function of `place(ρ)`. */
function adams(place: (ratio: number) => number, density: (place: number) => number, usualOrder: number) {
  return sampler<AdamsOptions>((denoiser, process, grid, x, { order = usualOrder }) => {
    if (!Number.isInteger(order) || order < 1 || order > 4) throw new LangevinError('invalid_argument', `order ${order} is no whole number from 1 to 4`);
    return walk(grid, x, ({ t, tPrev }, index, current, memory) => {
      const { x0, eps } = predict(denoiser, process, current, t);
      const before = memory.slice(0, order - 1);
      const [from, to] = [noiseRatio(process, t), noiseRatio(process, tPrev)];
      const end = place(to);
      // A step to σ = 0 that has no end on the scale is Euler's.
      if (before.length === 0 || !Number.isFinite(end)) return [flowStep(process, current, x0, t, tPrev), eps, ...before];
      const nodes = [from, ...before.map((_, back) => noiseRatio(process, grid[index - back - 1]!.t))].map(place); // As many as steps were taken.
      const counts = lagrangeIntegrals(nodes, nodes[0]!, end, density).slice(1);
      const bend = weightedSum(counts.map((count, j) => [count / (to - from), tf.sub(before[j]!, eps)]));
      return [flowStep(process, current, x0, t, tPrev, bend), eps, ...before];
    });
  });
}

/**
 * The linear multistep method of k-diffusion (Adams & Bashforth with steps of any length; Karras et al. 2022 compare with it) on any grid of any Gaussian process: x/α
 * follows the integral over ρ = σ/α of the polynomial through ε̂ of this step and of up to three before. The denoiser is asked once a step.
 *
 * @throws LangevinError `invalid_argument` for an order outside 1 … 4
 */
export const lms = adams((ratio) => ratio, () => 1, 4);

/**
 * DEIS (Zhang & Chen 2023, ρAB with a polynomial in ln ρ: diffusers' `logrho`) on any grid of any Gaussian process: as `lms`, with the polynomial over ln ρ. The
 * step to σ = 0 is Euler's, which is DDIM's.
 *
 * @throws LangevinError `invalid_argument` for an order outside 1 … 4
 */
export const deis = adams(Math.log, Math.exp, 3);
