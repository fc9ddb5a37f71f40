import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { DdpmProcess } from '../processes/ddpm-process.js';

/**
 * The whole time of a process whose noise, σ/α, is nearest to that of an image of so much noise per signal, by the logarithm.
 * @param noise τ of x₀ + N(0, τ²)
 * @throws LangevinError `invalid_argument` for a τ that the process has not
 */
export function timeOfNoise(process: DdpmProcess, noise: number): number {
  const last = process.tMax;
  const [least, most] = [process.sigma(0) / process.alpha(0), process.sigma(last) / process.alpha(last)];
  if (!(noise > 0 && noise <= most)) throw new LangevinError('invalid_argument', `noise of the standard deviation ${noise} is none that the model knows: it knows from ${least.toPrecision(2)} to ${most.toPrecision(3)}`);
  const distance = (t: number): number => Math.abs(process.logSnr(t) + 2 * Math.log(noise));
  let nearest = 0;
  for (let t = 1; t <= last; t++) if (distance(t) < distance(nearest)) nearest = t;
  return nearest;
}

/**
 * E[x₀ | y] of images with white noise, y = x₀ + N(0, τ²): the denoiser asked at the time of that noise, of α·y, which is distributed as x_t (Efron 2011; Karras et al. 2022, eq. 2). No image
 * is nearer to x₀ in the mean square.
 *
 * @param noisy [B, …]; kept
 * @param noise τ of each image
 * @returns a new tensor shaped like `noisy`
 * @throws LangevinError `invalid_argument` for another number of τ than of images, and as `timeOfNoise`
 */
export function denoiseImages(denoiser: Denoiser, process: DdpmProcess, noisy: tf.Tensor, noise: ArrayLike<number>): tf.Tensor {
  if (noise.length !== noisy.shape[0]) throw new LangevinError('invalid_argument', `${noise.length} noise levels for ${noisy.shape[0]} images`);
  const times = Array.from(noise, (deviation) => timeOfNoise(process, deviation));
  return tf.tidy(() => {
    const alpha = tf.reshape(tf.tensor1d(times.map((t) => process.alpha(t))), [times.length, ...new Array<number>(noisy.rank - 1).fill(1)]);
    return denoiser(tf.mul(alpha, noisy), tf.tensor1d(times));
  });
}
