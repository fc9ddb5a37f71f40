import * as tf from '@tensorflow/tfjs-core';
import type { CategoricalProcess } from './categorical-process.js';
import type { TransitionLogs } from './transition-logs.js';

/** For each position and state 0 … n−1 whether it is that one: [B, …, n] bool. */
export function isState(x: tf.Tensor, n: number): tf.Tensor {
  return tf.equal(tf.expandDims(x, -1), tf.range(0, n, 1, 'int32'));
}

/** ln q(x_t | x_s = j) of what each position came to be, for the data states j: [B, …, K]. New tensors are the caller's to tidy. */
export function logLikelihoodOfStates(process: CategoricalProcess, xt: tf.Tensor, logs: TransitionLogs): tf.Tensor {
  const ofData = tf.where(isState(xt, process.numClasses), logs.same, logs.redrawn);
  if (process.maskState === undefined) return ofData;
  return tf.where(tf.equal(tf.expandDims(xt, -1), process.maskState), logs.masked, ofData);
}
