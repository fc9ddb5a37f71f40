import * as tf from '@tensorflow/tfjs-core';

/**
 * A kernel that the active backend has in place of several operations, as a function of named tensors; undefined where it has none.
 * The tensors of the result are the caller's.
 */
export function fusedKernel<A extends tf.NamedAttrMap>(name: string): ((inputs: tf.NamedTensorMap, attributes: A) => tf.Tensor[]) | undefined {
  if (tf.getKernel(name, tf.getBackend()) === undefined) return undefined;
  return (inputs, attributes) => tf.engine().runKernel<tf.Tensor[]>(name, inputs, attributes);
}
