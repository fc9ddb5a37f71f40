import * as tf from '@tensorflow/tfjs-core';
import { distanceOfLevels } from '../likelihood/levels.js';
import { predictionToX0 } from '../parameterizations/conversions.js';
import type { PredictionType } from '../parameterizations/denoiser.js';
import type { DdpmProcess } from '../processes/ddpm-process.js';
import type { MarginalCoefficients } from '../processes/marginal-coefficients.js';
import { varianceLimits } from '../processes/reverse-variance.js';

/** What a term of the bound is computed of. All tensors are kept. */
export interface VariationalInputs {
  /** Clean data [B, …]: levels from −1 to 1. */
  readonly x0: tf.Tensor;
  /** x_t. */
  readonly x: tf.Tensor;
  /** Whole times from 0 to T−1, [B]. */
  readonly t: tf.Tensor1D;
  /** α and σ of each, which broadcast to x₀. */
  readonly coefficients: MarginalCoefficients;
  /** The mean half of what the network said. */
  readonly prediction: tf.Tensor;
  /** (v + 1)/2 of the other half. @default none: the variance β̃ */
  readonly fraction?: tf.Tensor;
}

/** Least probability that a level may have, as Ho et al. and Nichol & Dhariwal have it. */
const leastProbability = 1e-12;

/**
 * The term of the bound at the time of each sample, L_t or L₀, in bits per dimension, [B]: differentiable, and can be traced. The mean of T times it over
 * uniform t is the bound without L_T (Nichol & Dhariwal 2021, eq. 4–7 and 15). L₀ is that of levels by a normal law around x̂₀ whose variance is β^f·β̃₁^(1−f).
 *
 * @param levels how many values data have
 */
export function variationalTerm(process: DdpmProcess, type: PredictionType, inputs: VariationalInputs, levels = 256): tf.Tensor1D {
  return tf.tidy(() => {
    const { x0, x, t, coefficients, prediction } = inputs;
    const fraction = inputs.fraction ?? tf.zerosLike(x0);
    const shape = [t.shape[0], ...new Array<number>(x0.rank - 1).fill(1)];
    const index = tf.cast(t, 'int32');
    const table = (f: (step: number) => number): tf.Tensor =>
      tf.reshape(tf.gather(tf.tensor1d(Float32Array.from({ length: process.numTrainTimesteps }, (_, step) => f(step))), index), shape);
    const limits = (step: number) => varianceLimits(process, { t: step, tPrev: step - 1 });
    const logRatio = tf.mul(fraction, table((step) => Math.log(limits(step).large / limits(step).small)));
    const distance = tf.sub(x0, predictionToX0(type, prediction, x, coefficients));
    // ½·(ln(Σ/β̃) + β̃/Σ − 1 + (μ̃ − μ)²/Σ); (μ̃ − μ)²/β̃ = (SNR(s) − SNR(t))·(x₀ − x̂₀)², at 0 in place of an infinity.
    const gain = table((step) => (step === 0 ? 0 : Math.exp(process.logSnr(step - 1)) - Math.exp(process.logSnr(step))));
    const divergence = tf.mul(0.5, tf.add(tf.add(logRatio, tf.expm1(tf.neg(logRatio))), tf.mul(tf.mul(gain, tf.square(distance)), tf.exp(tf.neg(logRatio)))));
    const deviation = tf.exp(tf.mul(0.5, tf.add(logRatio, table((step) => Math.log(limits(step).small)))));
    const nats = tf.where(tf.broadcastTo(tf.equal(table((step) => step), 0), x0.shape), levelNats(x0, distance, deviation, levels), divergence);
    return tf.div<tf.Tensor1D>(tf.mean(tf.reshape(nats, [t.shape[0], -1]), 1), Math.LN2);
  });
}

/** −ln of the mass that a normal law around x₀ − distance has between the middles of levels; beyond the first and the last level all of it. */
function levelNats(x0: tf.Tensor, distance: tf.Tensor, deviation: tf.Tensor, levels: number): tf.Tensor {
  const half = distanceOfLevels(levels) / 2;
  const phi = (offset: tf.Tensor): tf.Tensor => tf.mul(0.5, tf.add(1, tf.erf(tf.div(tf.div(offset, deviation), Math.SQRT2))));
  const above = tf.where(tf.greater(x0, 1 - half), tf.onesLike(x0), phi(tf.add(distance, half)));
  const below = tf.where(tf.less(x0, half - 1), tf.zerosLike(x0), phi(tf.sub(distance, half)));
  return tf.neg(tf.log(tf.maximum(tf.sub(above, below), leastProbability)));
}
