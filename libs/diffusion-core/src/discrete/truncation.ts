import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { DiscreteDenoiser } from './discrete-denoiser.js';

/** A change to a discrete denoiser, as `Guidance` is to one of Gaussian processes. */
export type DiscreteGuidance = (denoiser: DiscreteDenoiser) => DiscreteDenoiser;

/**
 * Truncation sampling (Gu et al. 2022, §4.3): of each position the likeliest states until they have the share r of the probability, at least one; the others become impossible. States that are
 * as likely as the last one kept stay too.
 *
 * @throws LangevinError `invalid_argument` unless 0 < r ≤ 1
 */
export function truncation(share: number): DiscreteGuidance {
  if (!(share > 0 && share <= 1)) throw new LangevinError('invalid_argument', `the share that truncation keeps is above 0 and at most 1, got ${share}`);
  return (denoiser) => (x, t) =>
    tf.tidy(() => {
      const logits = denoiser(x, t);
      const { values } = tf.topk(logits, logits.shape.at(-1));
      // A state is kept where those before it have less than the share.
      const before = tf.cumsum(tf.exp(values), values.rank - 1, true);
      const least = tf.min(tf.where(tf.less(before, share), values, tf.scalar(Number.POSITIVE_INFINITY)), -1, true);
      return tf.logSoftmax(tf.where(tf.greaterEqual(logits, least), logits, tf.scalar(Number.NEGATIVE_INFINITY)));
    });
}
