import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Spherical interpolation of each sample (Shoemake 1985): (sin((1 − w)θ)·a + sin(wθ)·b)/sin θ with the angle θ between a and b. Between latent values of a normal law it
 * keeps to their usual length, which a straight line leaves (White 2016; for DDIM: Song, Meng & Ermon 2021, appendix D.5).
 *
 * @param a [B, …]; kept
 * @param b shaped like a; kept
 * @param weight w, from 0, which is a, to 1, which is b
 * @returns a new tensor shaped like a
 * @throws LangevinError `invalid_argument` for a weight outside 0 … 1, and for shapes that differ
 */
export function slerp(a: tf.Tensor, b: tf.Tensor, weight: number): tf.Tensor {
  if (!(weight >= 0 && weight <= 1)) throw new LangevinError('invalid_argument', `the weight ${weight} lies outside 0 … 1`);
  if (a.shape.join() !== b.shape.join()) throw new LangevinError('invalid_argument', `there is nothing between [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`);
  return tf.tidy(() => {
    const [left, right] = [a, b].map((x) => tf.reshape(x, [a.shape[0]!, -1])) as [tf.Tensor2D, tf.Tensor2D]; // As many as there were.
    const cosine = tf.div(tf.sum(tf.mul(left, right), 1, true), tf.mul(tf.norm(left, 2, 1, true), tf.norm(right, 2, 1, true)));
    const angle = tf.acos(tf.clipByValue(cosine, -1 + 1e-6, 1 - 1e-6));
    const mixed = tf.add(tf.mul(tf.sin(tf.mul(1 - weight, angle)), left), tf.mul(tf.sin(tf.mul(weight, angle)), right));
    return tf.reshape(tf.div(mixed, tf.sin(angle)), a.shape);
  });
}
