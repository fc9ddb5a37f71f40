import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Guidance } from './guidance.js';

export interface DynamicThresholdOptions {
  /** Quantile p of |x̂₀| that becomes the limit, 0 ≤ p ≤ 1: `dynamic_thresholding_ratio` of diffusers. Default 0.995. */
  readonly ratio?: number;
  /** The limit never exceeds it: `sample_max_value` of diffusers, whose default is 1, which is a static threshold. Default: no such bound. */
  readonly sampleMaxValue?: number;
}

/** The p-quantile of each row of [B, D], linear between the neighbours in order: [B, 1]. Only as much as is needed is sorted. */
function rowQuantile(values: tf.Tensor2D, p: number): tf.Tensor2D {
  const last = values.shape[1] - 1;
  const below = Math.floor(p * last);
  const share = p * last - below;
  const count = last - below + 1; // the largest values, down to the one below the quantile
  const { values: largest } = tf.topk(values, count);
  const lower = tf.slice2d(largest, [0, count - 1], [-1, 1]);
  return share === 0 ? lower : tf.add(tf.mul(1 - share, lower), tf.mul(share, tf.slice2d(largest, [0, count - 2], [-1, 1])));
}

/**
 * Dynamic thresholding (Saharia et al. 2022, §2.3): clips each sample's x̂₀ to [−s, s] and divides it by s, where s is a quantile of its own |x̂₀|, at
 * least 1. Data that fit into [−1, 1] stay as they are; under strong guidance contrast is kept where `staticThreshold` would saturate.
 *
 * @throws LangevinError `invalid_argument` unless 0 ≤ ratio ≤ 1 and sampleMaxValue ≥ 1
 */
export function dynamicThreshold({ ratio = 0.995, sampleMaxValue = Infinity }: DynamicThresholdOptions = {}): Guidance {
  if (!(ratio >= 0 && ratio <= 1)) throw new LangevinError('invalid_argument', `the ratio of a dynamic threshold is a quantile from 0 to 1, got ${ratio}`);
  if (!(sampleMaxValue >= 1)) throw new LangevinError('invalid_argument', `the sampleMaxValue of a dynamic threshold must be at least 1, got ${sampleMaxValue}`);
  return (denoiser) => (x, t) =>
    tf.tidy(() => {
      const x0 = denoiser(x, t);
      const rows = tf.reshape<tf.Rank.R2>(x0, [x0.shape[0] ?? 1, -1]);
      const limit = tf.clipByValue(rowQuantile(tf.abs(rows), ratio), 1, sampleMaxValue);
      return tf.reshape(tf.div(tf.minimum(tf.maximum(rows, tf.neg(limit)), limit), limit), x0.shape);
    });
}
