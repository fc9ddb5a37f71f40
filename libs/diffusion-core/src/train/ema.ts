import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import { stableInversePower } from '../rng/stable-power.js';

/** Averaging of weights; the keys of a job's `training.ema`. */
export interface EmaOptions {
  /** Largest decay. */
  readonly maxDecay: number;
  /** Updates over which the warm-up stretches: larger is slower. */
  readonly inverseGamma: number;
  /** ¾ suits runs up to some 100,000 steps, ⅔ longer ones. */
  readonly power: number;
}

/**
 * Decay of the EMA update that follows k earlier ones: min(maxDecay, 1 − (1 + k/inverseGamma)^−power), the warm-up of
 * k-diffusion and of diffusers' EMAModel. At k = 0 it is 0: the average begins as a copy. A float32 value, the same bits
 * on every platform.
 *
 * @throws LangevinError `invalid_argument` when k is negative or inverseGamma is not positive
 */
export function emaDecay(k: number, { maxDecay, inverseGamma, power }: EmaOptions): number {
  if (!(k >= 0) || !(inverseGamma > 0)) {
    throw new LangevinError('invalid_argument', `EMA needs k ≥ 0 and inverseGamma > 0, got ${k} and ${inverseGamma}`);
  }
  return Math.fround(Math.min(maxDecay, 1 - stableInversePower(1 + k / inverseGamma, power)));
}

/**
 * decay·ema + (1 − decay)·params, a new tensor; the arguments are kept. With decay 0 exactly params.
 *
 * @param decay float32 number, or a scalar tensor when the step is compiled
 */
export function emaStep(ema: tf.Tensor1D, params: tf.Tensor1D, decay: number | tf.Scalar): tf.Tensor1D {
  return tf.tidy(() => tf.add(tf.mul(decay, ema), tf.mul(tf.sub(1, decay), params)));
}
