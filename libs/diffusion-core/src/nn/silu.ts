import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient.js';

/**
 * SiLU, x·sigmoid(x) (Elfwing et al. 2018), for any shape. Its gradient starts from x, so that it can be
 * differentiated once more; the second derivative of the plain product is silently wrong in tfjs.
 */
export function silu<T extends tf.Tensor>(x: T): T {
  return withGradient<T>(
    [x],
    (save) => {
      save(x);
      return tf.mul(x, tf.sigmoid(x));
    },
    (dy, [input]) => {
      const sigmoid = tf.sigmoid(input!);
      return [tf.mul(dy, siluSlope(tf.mul(input!, sigmoid), sigmoid))];
    },
  );
}

/** d/dx x·σ(x) = y + σ(x)·(1 − y), where y = x·σ(x). */
export function siluSlope<T extends tf.Tensor>(y: T, sigmoid: T): T {
  return tf.add(y, tf.mul(sigmoid, tf.sub(1, y)));
}
