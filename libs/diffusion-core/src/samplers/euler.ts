import { checkChurn, churned, type ChurnOptions } from './churn.js';
import { flowStep } from './flow-step.js';
import { sameTime } from './same-time.js';
import { sampler } from './sampler.js';
import { walk } from './walk.js';

/**
 * Euler's method on the probability flow, which is DDIM's step, with the churn of EDM if wanted (Karras et al. 2022, algorithm 2 without lines 9 to 11), on any
 * grid of any Gaussian process. Of first order.
 *
 * @throws LangevinError `invalid_argument` for a churn without noise, of a strength below 0, or beyond the noises of the process
 */
export const euler = sampler<ChurnOptions>((denoiser, process, grid, x, options) => {
  checkChurn(options);
  return walk(grid, x, ({ t, tPrev }, index, current) => {
    const from = churned(process, current, t, index, grid.length, options);
    return [flowStep(process, from.x, denoiser(from.x, sameTime(x, from.t)), from.t, tPrev)];
  });
});
