import * as tf from '@tensorflow/tfjs-core';

/**
 * ln p(y | x_t = x) of what each sample of a batch is guided to, up to a constant: [B], a new tensor. Differentiable in
 * x; sample i must depend on x[i] alone. A classifier's is one case, any other function of x will do: a likelihood of a
 * measurement, a similarity, a penalty.
 *
 * @param x [B, …]; kept
 * @param t [B] times of the process; kept
 */
export type LogLikelihood = (x: tf.Tensor, t: tf.Tensor1D) => tf.Tensor1D;

/** ∇ₓ ln p(y | x_t = x) of each sample, shaped like x: a new tensor, nothing else is left behind. */
export function logLikelihoodGradient(logLikelihood: LogLikelihood, x: tf.Tensor, t: tf.Tensor1D): tf.Tensor {
  // Samples do not mix, so that the gradient of the sum holds the gradient of each.
  return tf.tidy(() => tf.grad((at) => tf.sum(logLikelihood(at, t)))(x));
}
