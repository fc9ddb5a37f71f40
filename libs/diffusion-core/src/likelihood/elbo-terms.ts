import type * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { VarianceDenoiser } from '../parameterizations/learned-variance.js';
import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { decoderNats, type Decoder } from './decoder.js';
import { lookAt } from './look-at.js';
import { reverseLaw } from './reverse-law.js';
import { sumOfEach } from './sum-of-each.js';

/**
 * L_T = KL(q(x_T | x₀) ‖ prior) of each sample in nats: what is left of the data at the last time (Ho et al. 2020, eq. 5).
 * @param x0 [B, …]; kept
 * @param t the last time
 */
export function priorTerm(process: GaussianProcess, x0: tf.Tensor, t = process.tMax): Float64Array {
  const [alpha, sigma, prior] = [process.alpha(t), process.sigma(t), process.prior.standardDeviation];
  const values = x0.dataSync<'float32'>();
  const samples = x0.shape[0] ?? 1;
  return sumOfEach(samples, x0.size / samples, (i) => ((sigma * sigma + (alpha * values[i]!) ** 2) / (prior * prior) - 1 - 2 * Math.log(sigma / prior)) / 2);
}

/** What a term needs besides data and their times. */
export interface TermOptions {
  /** Standard normal, shaped like x₀; kept. */
  readonly eps: tf.Tensor;
  /** Variance of the steps of a denoiser that does not know its own. @default 'fixed_small' */
  readonly varianceType?: VarianceType;
}

/**
 * L_t = KL(q(x_s | x_t, x₀) ‖ p(x_s | x_t)) of the step t → s of each sample in nats, at one x_t = αx₀ + σε: an estimate without bias of the term of
 * the bound (Ho et al. 2020, eq. 5; Nichol & Dhariwal 2021, eq. 6 with learned variance). With the variance β̃ it is
 * ½·(SNR(s) − SNR(t))·‖x₀ − x̂₀‖² (Kingma et al. 2021, eq. 14).
 *
 * @param x0 [B, …]; kept
 * @param steps one for each sample
 * @throws LangevinError `invalid_argument` as `reverseLaw`
 */
export function diffusionTerm(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, x0: tf.Tensor, steps: readonly GridStep[], options: TermOptions): Float64Array {
  const seen = lookAt(denoiser, process, x0, options.eps, steps.map(({ t }) => t));
  const laws = steps.map((step) => reverseLaw(process, step, options.varianceType));
  return sumOfEach(steps.length, x0.size / steps.length, (i, sample) => {
    const { small, logRatioAt, gain } = laws[sample]!; // One for each sample.
    const logRatio = logRatioAt(seen.fraction?.[i]);
    const distance = gain * (seen.x0[i]! - seen.estimate[i]!);
    // Two normal laws: ½·(ln(Σ/β̃) + (β̃ + (μ̃ − μ)²)/Σ − 1)
    return (logRatio + Math.expm1(-logRatio) + (distance * distance) / (small * Math.exp(logRatio))) / 2;
  });
}

/** Where and how data are read from a noise level. */
export interface DecoderTermOptions {
  /** Time of the first noise level. */
  readonly t: number;
  readonly decoder: Decoder;
  /** Standard normal, shaped like x₀; kept. */
  readonly eps: tf.Tensor;
}

/**
 * L₀ = −ln p(x₀ | x_t) of each sample in nats, at one x_t = αx₀ + σε of the first noise level.
 * @param x0 [B, …]; kept
 */
export function decoderTerm(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, x0: tf.Tensor, { t, decoder, eps }: DecoderTermOptions): Float64Array {
  const samples = x0.shape[0] ?? 1;
  const natsOf = decoderNats(decoder, process, t);
  const seen = lookAt(denoiser, process, x0, eps, new Array<number>(samples).fill(t));
  return sumOfEach(samples, x0.size / samples, (i) => natsOf(seen, i));
}
