import * as tf from '@tensorflow/tfjs-core';
import type { CategoricalProcess } from './categorical-process.js';
import { logAddExp } from './log-add-exp.js';
import { isState } from './log-likelihood-of-states.js';
import type { TransitionLogs } from './transition-logs.js';

/** ln p of one state each: 0 for it and −∞ for the others, [B, …, K]. */
export function certainty(x0: tf.Tensor, numClasses: number): tf.Tensor {
  return tf.where(isState(x0, numClasses), tf.scalar(0), tf.scalar(Number.NEGATIVE_INFINITY));
}

/**
 * ln Σᵢ q(x_t | x₀ = i)·p(x₀ = i) = ln(α·p + β), and ln γ for the mask: [B, …, numStates].
 *
 * @param logX0 [B, …, K] ln p(x₀), normalised
 */
export function pushForward(process: CategoricalProcess, logX0: tf.Tensor, logs: TransitionLogs): tf.Tensor {
  const classes = logAddExp(tf.add(logX0, logs.kept), logs.redrawn);
  if (process.maskState === undefined) return classes;
  return tf.concat([classes, tf.add(tf.zeros([...logX0.shape.slice(0, -1), 1]), logs.masked)], -1);
}
