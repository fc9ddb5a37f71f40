import { LangevinError } from '@langevin/contracts';
import { betaSchedule, type BetaScheduleConfig } from './beta-schedule.js';
import type { GaussianProcess } from './gaussian-process.js';

/** Which of the two fixed variances of Ho et al. (2020), §3.2 a reverse step uses. */
export type VarianceType = 'fixed_small' | 'fixed_large';

/**
 * The process of DDPM: variance preserving (α² + σ² = 1), known at the integer times 0 … T−1 of the training steps
 * and at −1, which is clean data (α = 1, σ = 0). A time that is not an integer is refused.
 */
export interface DdpmProcess extends GaussianProcess {
  /** T. */
  readonly numTrainTimesteps: number;
  /** β_0 … β_{T−1}. */
  readonly betas: Float64Array;
  /** ᾱ_t = Π_{s≤t} (1 − β_s) for t = 0 … T−1. */
  readonly alphasCumprod: Float64Array;
  /**
   * Variance of the reverse step t → tPrev: `fixed_small` is β̃ = β·(1 − ᾱ_tPrev)/(1 − ᾱ_t) (Ho et al. 2020, eq. 7),
   * `fixed_large` is β, where β = 1 − ᾱ_t/ᾱ_tPrev.
   */
  posteriorVariance(t: number, tPrev: number, type: VarianceType): number;
}

/** ᾱ that stands for exactly 0 where an infinity would follow: that of diffusers' Euler scheduler, and always less than the level before. */
const almostZero = (before: number): number => Math.min(2 ** -24, before / 2);

/**
 * The forward process of DDPM with one of diffusers' β schedules (Ho et al. 2020, eq. 4): `betaProcess` of them.
 * @throws LangevinError `invalid_spec` for an impossible schedule
 */
export function ddpmProcess(config: BetaScheduleConfig): DdpmProcess {
  return betaProcess(betaSchedule(config));
}

/**
 * β = 1/(T − t), t from 0 to T−1: each step erases the same share 1/T of the data's variance, down to nothing (Sohl-Dickstein et al. 2015, §2.4.1). ᾱ_t is then
 * 1 − (t + 1)/T.
 */
export function constantErasureBetas(numTrainTimesteps: number): Float64Array {
  return Float64Array.from({ length: numTrainTimesteps }, (_, t) => 1 / (numTrainTimesteps - t));
}

/**
 * The variance preserving chain x_t = √(1 − β_t)·x_{t−1} + √β_t·z of any β (Sohl-Dickstein et al. 2015, table 1; Ho et al. 2020, eq. 2). Between integer times ln ᾱ
 * is taken as linear, so drift and diffusion2 are one-sided derivatives from below: f(t) = ½·ln(1 − β_t), g² = −2f;
 * at −1 they continue the first piece. With zero terminal SNR α(T−1) is exactly 0, and logSnr, drift and diffusion2 there are finite: those of
 * ᾱ = 2⁻²⁴.
 *
 * @param betas at least one, above 0 and below 1 each; the last one may be 1
 * @throws LangevinError `invalid_spec` for others
 */
export function betaProcess(betas: Float64Array): DdpmProcess {
  const wrong = betas.findIndex((beta, t) => !(beta > 0 && (beta < 1 || (beta === 1 && t === betas.length - 1))));
  if (betas.length === 0 || wrong >= 0) throw new LangevinError('invalid_spec', `a process needs β above 0 and below 1, the last one at most 1, got ${betas[wrong] ?? 'none'}`);
  const steps = betas.length;
  let product = 1;
  const alphasCumprod = betas.map((beta) => (product *= 1 - beta));

  const check = (t: number): number => {
    if (Number.isInteger(t) && t >= -1 && t < steps) return t;
    throw new LangevinError('invalid_argument', `time ${t} is not an integer from -1 (clean) to ${steps - 1}`);
  };
  const alphaBar = (t: number): number => alphasCumprod[check(t)] ?? 1;
  /** Never 0. */
  const signal = (t: number): number => alphaBar(t) || almostZero(alphaBar(t - 1));
  const drift = (t: number): number => {
    const end = Math.max(check(t), 0);
    return (alphaBar(end) === 0 ? Math.log(signal(end) / alphaBar(end - 1)) : Math.log1p(-(betas[end] ?? 0))) / 2;
  };

  return {
    numTrainTimesteps: steps,
    betas,
    alphasCumprod,
    tMin: -1,
    tMax: steps - 1,
    prior: { standardDeviation: 1 },
    alpha: (t) => Math.sqrt(alphaBar(t)),
    sigma: (t) => Math.sqrt(1 - alphaBar(t)),
    logSnr: (t) => Math.log(signal(t) / (1 - alphaBar(t))),
    drift,
    diffusion2: (t) => -2 * drift(t),
    posteriorVariance(t, tPrev, type) {
      const beta = 1 - alphaBar(t) / alphaBar(tPrev);
      return type === 'fixed_large' ? beta : (beta * (1 - alphaBar(tPrev))) / (1 - alphaBar(t));
    },
  };
}
