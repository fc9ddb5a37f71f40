import { LangevinError } from '@langevin/contracts';
import type * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { timeOfLogSnr } from '../processes/time-of-log-snr.js';
import type { Decoder } from './decoder.js';
import { decoderTerm, priorTerm } from './elbo-terms.js';
import { lookAt } from './look-at.js';
import { sumOfEach } from './sum-of-each.js';
import { withNoise } from './with-noise.js';

/** A time that stands for others: Σ weight·f(t) is, on average, ∫ f dλ. */
export interface WeightedTime {
  readonly t: number;
  readonly weight: number;
}

/**
 * Times evenly spread in λ = ln(α²/σ²) between two, in the order of falling λ, all shifted by u (Kingma et al. 2021, appendix I.1).
 *
 * @param ends the first and the last time of the integral, later and earlier
 * @param u in [0, 1)
 * @throws LangevinError `invalid_argument` for fewer than one time, or ends in another order
 */
export function logSnrTimes(process: GaussianProcess, [first, last]: readonly [number, number], count: number, u: number): WeightedTime[] {
  const [low, high] = [process.logSnr(first), process.logSnr(last)];
  if (!(Number.isInteger(count) && count >= 1 && low < high)) throw new LangevinError('invalid_argument', `needs one time or more between ${first} and, with less noise, ${last}; got ${count}`);
  const weight = (high - low) / count;
  return Array.from({ length: count }, (_, i) => ({ t: timeOfLogSnr(process, high - (i + u) * weight), weight }));
}

/** How the bound is computed. */
export interface ContinuousElboOptions {
  /** The last time, whose law is compared with the prior, and the first noise level, which the decoder reads. */
  readonly ends: readonly [first: number, last: number];
  /** Where ½·e^λ·‖x₀ − x̂₀‖² is looked at, for each sample: as many times for each. */
  readonly times: readonly (readonly WeightedTime[])[];
  readonly decoder: Decoder;
  /** Standard normal noise shaped like x₀ for the term of this number: 0 is L₀, then one for each time, as that of `ElboOptions`. */
  readonly noise: (term: number) => tf.Tensor;
}

/** The bound by its parts, in nats, one number for each sample. */
export interface ContinuousElbo {
  readonly prior: Float64Array;
  readonly diffusion: Float64Array;
  readonly decoder: Float64Array;
  readonly total: Float64Array;
}

/**
 * The bound of a chain of infinitely many steps, L_T + ½∫ e^λ·E‖x₀ − x̂₀‖² dλ + L₀ (Kingma et al. 2021, eq. 15–18): what that
 * of chains comes to as steps grow short. For processes in continuous time, and for denoisers that know every time; one noise a term.
 *
 * @param x0 [B, …] data; kept
 * @throws LangevinError `invalid_argument` as `decoderNats`
 */
export function continuousElbo(denoiser: Denoiser, process: GaussianProcess, x0: tf.Tensor, { ends: [first, last], times, decoder, noise }: ContinuousElboOptions): ContinuousElbo {
  const samples = x0.shape[0] ?? 1;
  const prior = priorTerm(process, x0, first);
  const ofData = withNoise(noise, 0, (eps) => decoderTerm(denoiser, process, x0, { t: last, decoder, eps }));
  const diffusion = new Float64Array(samples);
  for (let k = 0; k < (times[0]?.length ?? 0); k++) {
    const draws = times.map((all) => all[k]!); // As many for each sample.
    const seen = withNoise(noise, k + 1, (eps) => lookAt(denoiser, process, x0, eps, draws.map(({ t }) => t)));
    const snr = draws.map(({ t }) => Math.exp(process.logSnr(t)));
    const sums = sumOfEach(samples, x0.size / samples, (i, sample) => (snr[sample]! * (seen.x0[i]! - seen.estimate[i]!) ** 2) / 2);
    sums.forEach((nats, sample) => (diffusion[sample]! += draws[sample]!.weight * nats));
  }
  return { prior, diffusion, decoder: ofData, total: prior.map((nats, sample) => nats + diffusion[sample]! + ofData[sample]!) };
}
