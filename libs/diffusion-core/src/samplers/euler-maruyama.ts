import { linearSteps, type SamplerOptions } from './linear-steps.js';
import { sampler } from './sampler.js';
import { eulerMaruyamaCoefficients } from './step-coefficients.js';

/**
 * Euler–Maruyama on the reverse SDE dx = (f·x − g²·∇ ln p_t(x)) dt + g dw̄ (Song et al. 2021, eq. 6), on any grid of any Gaussian process, with f and
 * g at the time that each step begins at. Of weak order 1; the last step adds noise as the others do unless it ends in clean data.
 *
 * @throws LangevinError `invalid_argument` for missing noise
 */
export const eulerMaruyama = sampler<SamplerOptions>((denoiser, process, grid, x, options) =>
  linearSteps(denoiser, grid, x, (step) => eulerMaruyamaCoefficients(process, step), options),
);
