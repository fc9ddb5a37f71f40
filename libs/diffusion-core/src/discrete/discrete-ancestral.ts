import type * as tf from '@tensorflow/tfjs-core';
import { sameTime } from '../samplers/same-time.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { runToEnd, walk, type OnStep } from '../samplers/walk.js';
import type { CategoricalProcess } from './categorical-process.js';
import type { DiscreteDenoiser } from './discrete-denoiser.js';
import { drawStates } from './draw-states.js';
import { reverseLogProbabilities } from './reverse-log-probabilities.js';

/** What discrete ancestral sampling takes besides the model and the grid. */
export interface DiscreteAncestralOptions {
  /** Uniform numbers shaped like x for the step at this index: multiples of 2⁻²⁴ in [0, 1). Disposed of where they are made inside. */
  readonly uniforms: (stepIndex: number) => tf.Tensor;
  readonly onStep?: OnStep;
}

/**
 * Ancestral sampling of a categorical process along any grid (Austin et al. 2021, §3; Gu et al. 2022, algorithm 2 with steps left out): each position is drawn from
 * p(x_s | x_t) = Σ q(x_s | x_t, x₀)·p(x₀ | x_t), all at once. Truncation and guidance are wrapped around the denoiser.
 *
 * @param x [B, …] int32 states at the first t; kept
 * @returns a new tensor of states at the last tPrev
 * @throws LangevinError `invalid_argument` for a grid that does not descend, or times that the process has not
 */
export function discreteAncestral(denoiser: DiscreteDenoiser, process: CategoricalProcess, grid: readonly GridStep[], x: tf.Tensor, options: DiscreteAncestralOptions): tf.Tensor {
  const steps = walk(grid, x, (step, index, current) => {
    const logX0 = denoiser(current, sameTime(current, step.t));
    return [drawStates(reverseLogProbabilities(process, logX0, current, step), options.uniforms(index))];
  });
  return runToEnd(steps, options.onStep);
}
