import { LangevinError } from '@langevin/contracts';
import { linearSteps, type SamplerOptions } from './linear-steps.js';
import { sampler } from './sampler.js';
import { ddimCoefficients } from './step-coefficients.js';

/** Options of `ddim`. */
export interface DdimOptions extends SamplerOptions {
  /** η, 0 … 1: 0 is deterministic, 1 is ancestral sampling with `fixed_small`. @default 0 */
  readonly eta?: number;
}

/**
 * DDIM (Song, Meng & Ermon 2021, eq. 12) on any grid of any Gaussian process. ε is derived from the x̂₀ that the denoiser
 * returns, so a threshold in the denoiser acts on both (diffusers: `use_clipped_model_output=True`). With η = 0 it is Euler's method on the probability
 * flow (Karras et al. 2022, algorithm 1 without the correction).
 *
 * @throws LangevinError `invalid_argument` for η outside 0 … 1, missing noise, or guidance in mean form at η = 0
 */
export const ddim = sampler<DdimOptions>((denoiser, process, grid, x, options) => {
  const { eta = 0 } = options;
  if (!(eta >= 0 && eta <= 1)) throw new LangevinError('invalid_argument', `eta ${eta} lies outside 0 … 1`);
  if (eta === 0 && options.meanGuidance) {
    throw new LangevinError('invalid_argument', 'guidance in mean form moves the mean of the noise that a step adds, and ddim with eta 0 adds none: use the score form');
  }
  return linearSteps(denoiser, grid, x, (step) => ddimCoefficients(process, step, eta), options);
});
