import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';

/** How the trace of a Jacobian, the divergence, is found. */
export type Divergence =
  /** Every diagonal element of the Jacobian, one after the other: as many gradients as a sample has elements. */
  | 'exact'
  /** The trace of Hutchinson (1990): vᵀJv for one v shaped like x, whose elements have mean 0 and variance 1. Unbiased; one gradient. */
  | tf.Tensor;

/** A denoiser that also knows the trace of its Jacobian ∂x̂₀/∂x of each sample, [B], or an estimate of it without bias. Two new tensors. */
export type TracedDenoiser = (x: tf.Tensor, t: tf.Tensor1D) => { readonly x0: tf.Tensor; readonly trace: tf.Tensor1D };

/** A denoiser that can be differentiated, with the trace of its Jacobian. */
export function tracedDenoiser(denoiser: Denoiser, divergence: Divergence): TracedDenoiser {
  return (x, t) => ({ x0: denoiser(x, t), trace: jacobianTrace((at) => denoiser(at, t), x, divergence) });
}

/** Sum of the elements of each sample: [B]. */
export function sumPerSample(x: tf.Tensor): tf.Tensor1D {
  return tf.sum<tf.Tensor1D>(tf.reshape(x, [x.shape[0] ?? 1, -1]), 1);
}

/** The trace of ∂g/∂x of each sample: [B], new. Samples do not mix. */
export function jacobianTrace(g: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, divergence: Divergence): tf.Tensor1D {
  const along = (probe: tf.Tensor): tf.Tensor1D => sumPerSample(tf.mul(probe, tf.grad((z) => tf.sum(tf.mul(g(z), probe)))(x)));
  return tf.tidy(() => {
    if (divergence !== 'exact') return along(divergence);
    const batch = x.shape[0] ?? 1;
    const elements = x.size / batch;
    const unit = (element: number): tf.Tensor => {
      const one = Float32Array.from({ length: elements }, (_, i) => (i === element ? 1 : 0));
      return tf.reshape(tf.tile(tf.tensor2d(one, [1, elements]), [batch, 1]), x.shape);
    };
    return Array.from({ length: elements }, (_, element) => along(unit(element))).reduce((sum, term) => tf.add(sum, term));
  });
}
