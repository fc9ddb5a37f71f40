import type * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { GridStep } from './timestep-grid.js';
import { runToEnd, type OdeOptions, type SamplerSteps } from './walk.js';

/** The steps of a sampler along a grid. */
export type StepsAlong<O> = (denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor, options: O) => SamplerSteps;

/**
 * A pure function of a denoiser, the process that it belongs to, a grid and x at the first time of the grid, [B, …], which is kept. Gives a new tensor shaped
 * like x, at the last tPrev. It throws LangevinError `invalid_argument` for a grid that does not descend.
 */
export interface Sampler<O extends OdeOptions> {
  (denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor, options?: O): tf.Tensor;
  /** The same, step by step, for callers that want to wait, or to give up, in between. `onStep` is not called. */
  steps(denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor, options?: O): SamplerSteps;
}

/** Makes a sampler of its steps. No option is required. */
export function sampler<O extends OdeOptions>(along: StepsAlong<O>): Sampler<O> {
  const steps: Sampler<O>['steps'] = (denoiser, process, grid, x, options = {} as O) => along(denoiser, process, grid, x, options); // `OdeOptions` is an empty object at its least.
  return Object.assign<(...args: Parameters<Sampler<O>>) => tf.Tensor, Pick<Sampler<O>, 'steps'>>((...args) => runToEnd(steps(...args), args[4]?.onStep), { steps });
}
