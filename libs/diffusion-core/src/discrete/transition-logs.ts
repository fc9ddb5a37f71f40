import * as tf from '@tensorflow/tfjs-core';
import type { GridStep } from '../samplers/timestep-grid.js';
import type { CategoricalProcess, Transition } from './categorical-process.js';

/**
 * When: one jump t → tPrev for all samples, or [B] times of which each sample goes one step down. The latter is looked up in tables, and can be traced:
 * there t must hold integers from 0 to T−1, which nothing checks.
 */
export type DiscreteTimes = GridStep | tf.Tensor1D;

/** Logarithms of a transition as float32 tensors that broadcast over a batch; −∞ for what never happens. */
export interface TransitionLogs {
  /** ln α. */
  readonly kept: tf.Tensor;
  /** ln β. */
  readonly redrawn: tf.Tensor;
  /** ln(α + β): the same state as before, however. */
  readonly same: tf.Tensor;
  /** ln γ. */
  readonly masked: tf.Tensor;
}

/**
 * The transition that belongs to each time, with its logarithms taken in float64. Four new tensors.
 *
 * @param rank rank of the tensors to add to, at least 2
 * @param transitionOf s and t of the transition that belongs to a step
 */
export function transitionLogs(process: CategoricalProcess, times: DiscreteTimes, rank: number, transitionOf: (step: GridStep) => Transition): TransitionLogs {
  const at = (value: (transition: Transition) => number): tf.Tensor => {
    if ('tPrev' in times) return tf.scalar(Math.log(value(transitionOf(times))));
    const table = Float32Array.from({ length: process.numTrainTimesteps }, (_, t) => Math.log(value(transitionOf({ t, tPrev: t - 1 }))));
    return tf.reshape(tf.gather(tf.tensor1d(table), tf.cast(times, 'int32')), [times.shape[0], ...new Array<number>(rank - 1).fill(1)]);
  };
  return {
    kept: at(({ kept }) => kept),
    redrawn: at(({ redrawn }) => redrawn),
    same: at(({ kept, redrawn }) => kept + redrawn),
    masked: at(({ masked }) => masked),
  };
}
