import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Guidance } from './guidance.js';

/** Times of a process. */
export interface GuidanceInterval {
  /** The least time that is guided. */
  readonly from: number;
  /** The largest. */
  readonly to: number;
}

/**
 * Guidance at some noise levels alone (Kynkäänniemi et al. 2024): at high noise it costs variety, at low noise it changes nothing. Each sample has its own time. Both the
 * guided and the plain estimate are computed.
 *
 * @throws LangevinError `invalid_argument` unless from ≤ to
 */
export function withinInterval(guidance: Guidance, { from, to }: GuidanceInterval): Guidance {
  if (!(from <= to)) throw new LangevinError('invalid_argument', `an interval of times goes from the least to the largest, got ${from} to ${to}`);
  return (denoiser) => {
    const guided = guidance(denoiser);
    return (x, t) =>
      tf.tidy(() => {
        const inside = tf.reshape(tf.logicalAnd(tf.greaterEqual(t, from), tf.lessEqual(t, to)), [t.shape[0], ...new Array<number>(x.rank - 1).fill(1)]);
        return tf.where(tf.broadcastTo(inside, x.shape), guided(x, t), denoiser(x, t));
      });
  };
}
