import * as tf from '@tensorflow/tfjs-core';
import { addNoise } from '../parameterizations/conversions.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { MeanAndVariance, VarianceDenoiser } from '../parameterizations/learned-variance.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';

/** What a denoiser says of a batch, read back; `fraction` where it knows the variance of its steps. */
export function ask(denoiser: Denoiser | VarianceDenoiser, x: tf.Tensor, times: readonly number[]) {
  return tf.tidy(() => {
    const said: tf.Tensor | MeanAndVariance = denoiser(x, tf.tensor1d([...times]));
    if (said instanceof tf.Tensor) return { estimate: said.dataSync<'float32'>() };
    return { estimate: said.x0.dataSync<'float32'>(), fraction: said.fraction.dataSync<'float32'>() };
  });
}

/** Data, x_t = αx₀ + σε of each, and the denoiser's view of it, read back. */
export function lookAt(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, x0: tf.Tensor, eps: tf.Tensor, times: readonly number[]) {
  return tf.tidy(() => {
    const x = addNoise(x0, eps, marginalCoefficients(process, tf.tensor1d([...times]), x0.rank));
    const { estimate, fraction }: { estimate: Float32Array; fraction?: Float32Array } = ask(denoiser, x, times);
    return { x0: x0.dataSync<'float32'>(), x: x.dataSync<'float32'>(), estimate, fraction };
  });
}
