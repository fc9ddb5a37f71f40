import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { GridStep } from './timestep-grid.js';

/** Called after each step with its index and x, which the sampler still owns: copy what must outlive the call. */
export type OnStep = (stepIndex: number, x: tf.Tensor) => void;

function checkGrid(grid: readonly GridStep[]): void {
  grid.forEach(({ t, tPrev }, i) => {
    const next = grid[i + 1];
    if (!(tPrev < t) || (next !== undefined && next.t !== tPrev)) {
      const rest = next === undefined ? '' : `, then from ${next.t}`;
      throw new LangevinError(
        'invalid_argument',
        `step ${i} of the grid goes from ${t} to ${tPrev}${rest}: each step must go down and begin where the one before ended`,
      );
    }
  });
}

/** Options of the samplers that add no noise. */
export interface OdeOptions {
  readonly onStep?: OnStep;
}

/**
 * Takes so many steps from x on. What a step makes besides its result is disposed of, except for what it keeps with `tf.keep`.
 *
 * @param x [B, …] start; kept
 * @returns a new tensor shaped like x
 */
export function takeSteps(steps: number, x: tf.Tensor, onStep: OnStep | undefined, next: (index: number, current: tf.Tensor) => tf.Tensor): tf.Tensor {
  let current = tf.clone(x);
  try {
    for (let index = 0; index < steps; index++) {
      const before = current;
      current = tf.tidy(() => next(index, before));
      tf.dispose(before);
      onStep?.(index, current);
    }
  } catch (error) {
    tf.dispose(current);
    throw error;
  }
  return current;
}

/**
 * Goes along a grid, as `takeSteps`.
 *
 * @throws LangevinError `invalid_argument` for a grid that does not descend
 */
export function walk(grid: readonly GridStep[], x: tf.Tensor, onStep: OnStep | undefined, next: (step: GridStep, index: number, current: tf.Tensor) => tf.Tensor): tf.Tensor {
  checkGrid(grid);
  return takeSteps(grid.length, x, onStep, (index, current) => next(grid[index]!, index, current)); // As many steps as the grid has.
}
