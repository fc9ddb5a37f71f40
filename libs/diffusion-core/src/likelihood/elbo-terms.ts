import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { addNoise } from '../parameterizations/conversions.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { MeanAndVariance, VarianceDenoiser } from '../parameterizations/learned-variance.js';
import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { varianceLimits } from '../processes/reverse-variance.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { decoderNats, type Decoder } from './decoder.js';

/** Σ over the elements of each sample, in float64. */
function sumOfEach(samples: number, elements: number, value: (index: number, sample: number) => number): Float64Array {
  return Float64Array.from({ length: samples }, (_, sample) => {
    let sum = 0;
    for (let i = sample * elements; i < (sample + 1) * elements; i++) sum += value(i, sample);
    return sum;
  });
}

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

/** The denoiser's view of x_t = αx₀ + σε, read back. */
function lookAt(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, x0: tf.Tensor, eps: tf.Tensor, times: readonly number[]) {
  return tf.tidy(() => {
    const t = tf.tensor1d([...times]);
    const x = addNoise(x0, eps, marginalCoefficients(process, t, x0.rank));
    const said: tf.Tensor | MeanAndVariance = denoiser(x, t);
    const { x0: estimate, fraction } = said instanceof tf.Tensor ? { x0: said, fraction: undefined } : said;
    return { x0: x0.dataSync<'float32'>(), x: x.dataSync<'float32'>(), estimate: estimate.dataSync<'float32'>(), fraction: fraction?.dataSync<'float32'>() };
  });
}

/**
 * L_t = KL(q(x_s | x_t, x₀) ‖ p(x_s | x_t)) of the step t → s of each sample in nats, at one x_t = αx₀ + σε: an estimate without bias of the term of
 * the bound (Ho et al. 2020, eq. 5; Nichol & Dhariwal 2021, eq. 6 with learned variance). With the variance β̃ it is
 * ½·(SNR(s) − SNR(t))·‖x₀ − x̂₀‖² (Kingma et al. 2021, eq. 14).
 *
 * @param x0 [B, …]; kept
 * @param steps one for each sample
 * @throws LangevinError `invalid_argument` for a step that does not lead to less noise, or to none
 */
export function diffusionTerm(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, x0: tf.Tensor, steps: readonly GridStep[], options: TermOptions): Float64Array {
  const wrong = steps.find(({ t, tPrev }) => !(t > tPrev && process.sigma(tPrev) > 0));
  if (wrong !== undefined) throw new LangevinError('invalid_argument', `the step from ${wrong.t} to ${wrong.tPrev} is none between noise levels, from more to less noise`);
  const seen = lookAt(denoiser, process, x0, options.eps, steps.map(({ t }) => t));
  const laws = steps.map(({ t, tPrev }) => {
    const { small, large } = varianceLimits(process, { t, tPrev });
    const gain = (process.alpha(tPrev) * large) / process.sigma(t) ** 2;
    return { small, spread: Math.log(large / small), gain2: gain * gain, fixed: options.varianceType === 'fixed_large' ? 1 : 0 };
  });
  return sumOfEach(steps.length, x0.size / steps.length, (i, sample) => {
    const { small, spread, gain2, fixed } = laws[sample]!; // One for each sample.
    const logRatio = (seen.fraction?.[i] ?? fixed) * spread;
    const distance = seen.x0[i]! - seen.estimate[i]!;
    // Two normal laws: ½·(ln(Σ/β̃) + (β̃ + (μ̃ − μ)²)/Σ − 1)
    return (logRatio + Math.expm1(-logRatio) + (gain2 * distance * distance) / (small * Math.exp(logRatio))) / 2;
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
