import type { Tensor } from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { runSteps, type SamplerOptions } from './run-steps.js';
import { eulerMaruyamaCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';

/**
 * Euler–Maruyama on the reverse SDE dx = (f·x − g²·∇ ln p_t(x)) dt + g dw̄ (Song et al. 2021, eq. 6), on any grid of any Gaussian process, with f and
 * g at the time that each step begins at. Of weak order 1; the last step adds noise as the others do unless it ends in clean data.
 *
 * @param x [B, …] start: x_T ~ N(0, prior); kept
 * @returns a new tensor shaped like x: a sample at the last tPrev
 * @throws LangevinError `invalid_argument` for a grid that does not descend, or when noise is needed and not given
 */
export function eulerMaruyama(denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: Tensor, options: SamplerOptions): Tensor {
  return runSteps(denoiser, grid, x, (step) => eulerMaruyamaCoefficients(process, step), options);
}
