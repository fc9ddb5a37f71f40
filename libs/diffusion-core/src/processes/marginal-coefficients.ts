import * as tf from '@tensorflow/tfjs-core';
import type { DdpmProcess } from './ddpm-process.js';
import type { GaussianProcess } from './gaussian-process.js';

/** α(t) and σ(t) as float32 tensors that broadcast over a batch: [B, 1, …, 1], or scalars. */
export interface MarginalCoefficients {
  readonly alpha: tf.Tensor;
  readonly sigma: tf.Tensor;
}

/** True for a process that is a table over integer times. */
export function isTabulated(process: GaussianProcess): process is DdpmProcess {
  return 'alphasCumprod' in process;
}

/**
 * α(t) and σ(t) for each sample of a batch, shaped [B, 1, …, 1] to broadcast over `rank` axes. Two new tensors, owned
 * by the caller. A tabulated process looks its table up inside the graph, and can be traced: there t must hold
 * integers from 0 to T−1, which nothing checks. Any other process reads t back from the backend.
 *
 * @param t [B] times, integer or float
 * @param rank rank of the tensors to multiply with, at least 1
 */
export function marginalCoefficients(process: GaussianProcess, t: tf.Tensor1D, rank: number): MarginalCoefficients {
  const shape = [t.shape[0], ...new Array<number>(rank - 1).fill(1)];
  return tf.tidy(() => {
    if (isTabulated(process)) {
      const index = tf.cast(t, 'int32');
      const pick = (f: (step: number) => number) => {
        const table = Float32Array.from({ length: process.numTrainTimesteps }, (_, step) => f(step));
        return tf.reshape(tf.gather(tf.tensor1d(table), index), shape);
      };
      return { alpha: pick(process.alpha), sigma: pick(process.sigma) };
    }
    const times = Array.from(t.dataSync());
    return {
      alpha: tf.tensor(
        times.map((time) => process.alpha(time)),
        shape,
        'float32',
      ),
      sigma: tf.tensor(
        times.map((time) => process.sigma(time)),
        shape,
        'float32',
      ),
    };
  });
}
