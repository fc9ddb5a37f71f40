import type { VarianceType } from '../processes/ddpm-process.js';
import { linearSteps, type SamplerOptions } from './linear-steps.js';
import { sampler } from './sampler.js';
import { ancestralCoefficients } from './step-coefficients.js';

/** Options of `ddpmAncestral`. */
export interface DdpmAncestralOptions extends SamplerOptions {
  /** Variance of each step. @default 'fixed_small' */
  readonly varianceType?: VarianceType;
}

/**
 * Ancestral sampling, algorithm 2 of Ho et al. (2020), on any grid of any Gaussian process. Nothing is clipped.
 *
 * @throws LangevinError `invalid_argument` for missing noise
 */
export const ddpmAncestral = sampler<DdpmAncestralOptions>((denoiser, process, grid, x, options) => {
  const { varianceType = 'fixed_small' } = options;
  return linearSteps(denoiser, grid, x, (step) => ancestralCoefficients(process, step, varianceType), options);
});
