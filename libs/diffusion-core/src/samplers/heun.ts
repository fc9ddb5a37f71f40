import * as tf from '@tensorflow/tfjs-core';
import { checkChurn, churned, type ChurnOptions } from './churn.js';
import { flowStep, predict } from './flow-step.js';
import { sampler } from './sampler.js';
import { walk } from './walk.js';

/**
 * Heun's method of second order on the probability flow, with the churn of EDM if wanted (Karras et al. 2022, algorithms 1 and 2), on any grid of any Gaussian
 * process: with z = x/α and ρ = σ/α the flow is dz/dρ = (z − x̂₀)/ρ = ε̂ whatever the process. Each step asks the denoiser twice, the last to
 * σ = 0 once: there it is Euler's, which is DDIM's.
 *
 * @throws LangevinError `invalid_argument` for a churn without noise, of a strength below 0, or beyond the noises of the process
 */
export const heun = sampler<ChurnOptions>((denoiser, process, grid, x, options) => {
  checkChurn(options);
  return walk(grid, x, ({ t, tPrev }, index, current) => {
    const from = churned(process, current, t, index, grid.length, options);
    const here = predict(denoiser, process, from.x, from.t);
    const euler = flowStep(process, from.x, here.x0, from.t, tPrev);
    if (process.sigma(tPrev) === 0) return [euler];
    const there = predict(denoiser, process, euler, tPrev);
    return [flowStep(process, from.x, here.x0, from.t, tPrev, tf.div(tf.sub(there.eps, here.eps), 2))];
  });
});
