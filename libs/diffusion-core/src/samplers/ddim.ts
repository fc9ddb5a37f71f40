import { LangevinError } from '@langevin/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { runSteps, type SamplerOptions } from './run-steps.js';
import { ddimCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';

/** Options of `ddim`. */
export interface DdimOptions extends SamplerOptions {
  /** η, 0 … 1: 0 is deterministic, 1 is ancestral sampling with `fixed_small`. @default 0 */
  readonly eta?: number;
}

/**
 * DDIM (Song, Meng & Ermon 2021, eq. 12) on any grid of any Gaussian process. ε is derived from the x̂₀ that the denoiser
 * returns, so a threshold in the denoiser acts on both (diffusers: `use_clipped_model_output=True`).
 *
 * @param x [B, …] start: x_T ~ N(0, prior); kept
 * @returns a new tensor shaped like x: a sample at the last tPrev
 * @throws LangevinError `invalid_argument` for η outside 0 … 1, a grid that does not descend, missing noise, or guidance
 * in mean form at η = 0
 */
export function ddim(
  denoiser: Denoiser,
  process: GaussianProcess,
  grid: readonly GridStep[],
  x: Tensor,
  options: DdimOptions = {},
): Tensor {
  const { eta = 0 } = options;
  if (!(eta >= 0 && eta <= 1)) throw new LangevinError('invalid_argument', `eta ${eta} lies outside 0 … 1`);
  if (eta === 0 && options.meanGuidance) {
    throw new LangevinError('invalid_argument', 'guidance in mean form moves the mean of the noise that a step adds, and ddim with eta 0 adds none: use the score form');
  }
  return runSteps(denoiser, grid, x, (step) => ddimCoefficients(process, step, eta), options);
}
