import type * as tf from '@tensorflow/tfjs-core';
import { afterKernel } from '@langevin/contracts';
import { gradientsWithin, isRecording, withGradient } from './custom-gradient.js';
import { fusedKernel } from './fused-kernel.js';

/** A part of a network: a pure function of images, [B, H, W, C] each, and of other tensors. */
export type CheckpointedBlock = (images: readonly tf.Tensor4D[], others: readonly tf.Tensor[]) => tf.Tensor4D;

/**
 * `block(images, others)`, of which only the arguments are kept for the gradient: the backward pass computes the block once more (Chen
 * et al. 2016, "Training deep nets with sublinear memory cost", §3). Less memory, more time, the same numbers up to rounding.
 *
 * @param block uses no tensors but those that it is given, and those that it makes
 */
export function checkpointed(images: readonly tf.Tensor4D[], others: readonly tf.Tensor[], block: CheckpointedBlock): tf.Tensor4D {
  const inputs = [...images, ...others];
  // The first ones are images, as above.
  const computed = (given: readonly tf.Tensor[]) => block(given.slice(0, images.length) as tf.Tensor4D[], given.slice(images.length));
  return withGradient<tf.Tensor4D>(
    inputs,
    (save) => {
      save(...inputs);
      return computed(inputs);
    },
    (dy, saved) => {
      // A gradient that is differentiated itself is no matter of memory, and order has no gradient.
      const given = isRecording() ? saved : saved.map((tensor, i) => (i < images.length ? after(tensor, dy) : tensor));
      return gradientsWithin(() => computed(given), given, dy);
    },
  );
}

/**
 * The same tensor once `event` has been computed. Without it a graph would take the second computation for the first one and keep what
 * that made, or would run both at the same time.
 */
function after(tensor: tf.Tensor, event: tf.Tensor): tf.Tensor {
  return fusedKernel<Record<string, never>>(afterKernel)?.({ x: tensor, after: event }, {})[0] ?? tensor;
}
