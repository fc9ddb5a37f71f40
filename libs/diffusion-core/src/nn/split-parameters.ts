import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { ParameterLayout } from './parameter-layout.js';

/**
 * Cuts the flat vector into the tensors of `layout`, in its order. The caller disposes of them. Take gradients with
 * respect to these tensors: a gradient through the cut would pad once a tensor.
 *
 * @throws LangevinError `invalid_argument` when the vector's length is not that of the layout
 */
export function splitParameters(flat: tf.Tensor1D, layout: ParameterLayout): tf.Tensor[] {
  if (flat.shape[0] !== layout.total) {
    throw new LangevinError('invalid_argument', `the parameter vector has ${flat.shape[0]} numbers, the layout ${layout.total}`);
  }
  return tf.tidy(() => {
    const pieces = tf.split(flat, layout.entries.map((entry) => entry.size));
    // A reshape is an operation of its own on some backends: vectors need none.
    return layout.entries.map((entry, i) => (entry.shape.length === 1 ? pieces[i]! : tf.reshape(pieces[i]!, [...entry.shape])));
  });
}

/**
 * One flat vector of gradients given in the order of `layout`. The caller disposes of it; `gradients` stay.
 *
 * @throws LangevinError `invalid_argument` when a gradient is missing or has the wrong size
 */
export function concatGradients(gradients: readonly tf.Tensor[], layout: ParameterLayout): tf.Tensor1D {
  if (gradients.length !== layout.entries.length) {
    throw new LangevinError('invalid_argument', `got ${gradients.length} gradients, the layout has ${layout.entries.length} parameters`);
  }
  return tf.tidy(() =>
    tf.concat1d(
      layout.entries.map((entry, i) => {
        const gradient = gradients[i]!;
        if (gradient.size !== entry.size) {
          throw new LangevinError('invalid_argument', `the gradient of ${entry.name} has ${gradient.size} numbers instead of ${entry.size}`);
        }
        return gradient.rank === 1 ? (gradient as tf.Tensor1D) : tf.reshape<tf.Rank.R1>(gradient, [entry.size]);
      }),
    ),
  );
}
