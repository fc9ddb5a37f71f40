import * as tf from '@tensorflow/tfjs-core';
import { concatGradients } from './split-parameters.js';
import type { ParameterLayout } from './parameter-layout.js';

/**
 * Sums over the samples, never means: a leaf does not know the global batch. (No interface: `tf.tidy` hands out only what
 * has an index signature.)
 */
export type LeafGradient = {
  /** Σ_i w_i · ∂ℓ_i/∂θ as one flat vector. */
  readonly gradient: tf.Tensor1D;
  /** Σ_i w_i · ℓ_i. */
  readonly lossSum: tf.Scalar;
};

/**
 * Value and gradient of a sum of losses. The caller owns the two tensors of the result; every intermediate tensor is
 * gone, `parameters` stay.
 *
 * @param parameters tensors of `layout`, as `splitParameters` gives them
 * @param lossSum computes Σ_i w_i · ℓ_i from them
 */
export function lossGradient(layout: ParameterLayout, parameters: readonly tf.Tensor[], lossSum: () => tf.Scalar): LeafGradient {
  return tf.tidy(() => {
    // tf.grads would hand the parameters back through a second list; the engine takes them as they are.
    const { value, grads } = tf.engine().gradients(lossSum, [...parameters]);
    return { gradient: concatGradients(grads, layout), lossSum: value };
  });
}
