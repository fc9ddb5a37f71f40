import * as tf from '@tensorflow/tfjs-core';
import type { DdpmProcess } from '../processes/ddpm-process.js';

/**
 * One deterministic step of DDIM (Song, Meng & Ermon 2021, eq. 12 with σ = 0) whose times are tensors, one a sample, so that it can be
 * traced: x_s = α_s·x̂₀ + (σ_s/σ_t)·(x_t − α_t·x̂₀), in float32. `ddim` takes the same step at times that are numbers.
 *
 * @param x [B, …] at the times t; kept
 * @param x0 [B, …], what the denoiser makes of it; kept
 * @param t [B] whole numbers from 0 to T−1
 * @param tPrev [B] whole numbers from −1, which is clean data, to T−1
 * @returns a new tensor shaped like x
 */
export function ddimStep<T extends tf.Tensor>(process: DdpmProcess, x: T, x0: T, t: tf.Tensor1D, tPrev: tf.Tensor1D): T {
  return tf.tidy(() => {
    const shape = [t.shape[0], ...new Array<number>(x.rank - 1).fill(1)];
    const at = (f: (time: number) => number, times: tf.Tensor1D): tf.Tensor => {
      const table = tf.tensor1d(Float32Array.from({ length: process.numTrainTimesteps + 1 }, (_, index) => f(index - 1)));
      return tf.reshape(tf.gather(table, tf.add(tf.cast(times, 'int32'), tf.scalar(1, 'int32'))), shape);
    };
    const noise = tf.sub(x, tf.mul(at(process.alpha, t), x0));
    const scale = tf.div(at(process.sigma, tPrev), at(process.sigma, t));
    return tf.add<T>(tf.mul(at(process.alpha, tPrev), x0), tf.mul(scale, noise));
  });
}
