import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../nn/custom-gradient.js';

/** Stands in for −∞ in a difference, where −∞ − −∞ would be NaN. No result is changed by it. */
const LOWEST = -3e38;

/**
 * ln(eᵃ + eᵇ), where either or both may be −∞: a new tensor shaped like a. Differentiable in a, once; the gradient of −∞ is 0.
 *
 * @param b broadcasts to a; not differentiated
 */
export function logAddExp(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return withGradient(
    [a],
    (save) =>
      tf.tidy(() => {
        const top = tf.maximum(tf.maximum(a, b), LOWEST);
        const sum = tf.add(top, tf.log(tf.add(tf.exp(tf.sub(a, top)), tf.exp(tf.sub(b, top)))));
        save(a, sum);
        return sum;
      }),
    (dy, [input, sum]) => [tf.mul(dy, tf.exp(tf.sub(input!, tf.maximum(sum!, LOWEST))))],
  );
}
