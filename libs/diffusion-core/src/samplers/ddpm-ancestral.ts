import type { Tensor } from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { runSteps, type SamplerOptions } from './run-steps.js';
import { ancestralCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';

/** Options of `ddpmAncestral`. */
export interface DdpmAncestralOptions extends SamplerOptions {
  /** Variance of each step. @default 'fixed_small' */
  readonly varianceType?: VarianceType;
}

/**
 * Ancestral sampling, algorithm 2 of Ho et al. (2020), on any grid of any Gaussian process. Nothing is clipped.
 *
 * @param x [B, …] start: x_T ~ N(0, prior); kept
 * @returns a new tensor shaped like x: a sample at the last tPrev
 * @throws LangevinError `invalid_argument` for a grid that does not descend, or when noise is needed and not given
 */
export function ddpmAncestral(
  denoiser: Denoiser,
  process: GaussianProcess,
  grid: readonly GridStep[],
  x: Tensor,
  options: DdpmAncestralOptions,
): Tensor {
  const { varianceType = 'fixed_small' } = options;
  return runSteps(denoiser, grid, x, (step) => ancestralCoefficients(process, step, varianceType), options);
}
