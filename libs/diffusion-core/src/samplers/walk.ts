import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { GridStep } from './timestep-grid.js';

/** Called after each step with its index and x, which the sampler still owns: copy what must outlive the call. */
export type OnStep = (stepIndex: number, x: tf.Tensor) => void;

/**
 * A sampler under way: yields x after each step, which the sampler still owns, and returns the last x, which the caller owns. It computes only when it is
 * asked for the next step; whoever stops before the end calls `return`, which frees what it holds. Not for use inside `tf.tidy`.
 */
export type SamplerSteps = Generator<tf.Tensor, tf.Tensor, void>;

/** x after a step, and after it what the steps to come want again. */
export type Stepped = readonly [x: tf.Tensor, ...memory: tf.Tensor[]];

/** Takes a step. What it makes besides its result is disposed of; x and the memory of the step before are too, unless they are part of the result. */
export type TakeStep<S> = (step: S, index: number, x: tf.Tensor, memory: readonly tf.Tensor[]) => Stepped;

/** Options of the samplers that add no noise. */
export interface OdeOptions {
  readonly onStep?: OnStep;
}

/** Takes one step after the other from x on, which is kept. */
export function* takeSteps<S>(steps: readonly S[], x: tf.Tensor, next: TakeStep<S>): SamplerSteps {
  let held: Stepped = [tf.clone(x)];
  let finished = false;
  try {
    for (const [index, step] of steps.entries()) {
      const [current, ...memory] = held;
      const result = tf.tidy(() => [...next(step, index, current, memory)]) as unknown as Stepped; // `tidy` gives back what it was given.
      tf.dispose(held.filter((tensor) => !result.includes(tensor)));
      held = result;
      yield result[0];
    }
    finished = true;
    return held[0];
  } finally {
    tf.dispose(finished ? held.slice(1) : [...held]);
  }
}

/** Throws LangevinError `invalid_argument` for a grid that does not descend. */
export function checkGrid(grid: readonly GridStep[]): void {
  grid.forEach(({ t, tPrev }, i) => {
    const following = grid[i + 1];
    if (tPrev < t && (following === undefined || following.t === tPrev)) return;
    const rest = following === undefined ? '' : `, then from ${following.t}`;
    throw new LangevinError('invalid_argument', `step ${i} of the grid goes from ${t} to ${tPrev}${rest}: each step must go down and begin where the one before ended`);
  });
}

/**
 * Goes along a grid, as `takeSteps`.
 *
 * @throws LangevinError `invalid_argument` for a grid that does not descend
 */
export function walk(grid: readonly GridStep[], x: tf.Tensor, next: TakeStep<GridStep>): SamplerSteps {
  checkGrid(grid);
  return takeSteps(grid, x, next);
}

/** Takes all steps of a sampler and gives its last x, which the caller owns. */
export function runToEnd(steps: SamplerSteps, onStep: OnStep | undefined): tf.Tensor {
  try {
    for (let index = 0; ; index++) {
      const { done, value } = steps.next();
      if (done) return value;
      onStep?.(index, value);
    }
  } finally {
    // Frees what a sampler holds that is not at its end, because `onStep` has thrown.
    steps.return(undefined as never);
  }
}
