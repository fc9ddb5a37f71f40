import { LangevinError } from '@langevin/contracts';
import { timeWithin } from './continuous-time.js';
import type { GaussianProcess } from './gaussian-process.js';

/** Where a process in continuous time ends. */
export interface LogSnrMinOptions {
  /** λ = ln(α²/σ²) at the last time: later ones would have no signal. @default -20 */
  readonly logSnrMin?: number;
}

/** The largest ᾱ whose λ is at most `logSnrMin`. Throws LangevinError `invalid_spec` unless that is a number below 0. */
export function alphaBarAt(logSnrMin: number): number {
  if (!(logSnrMin < 0 && logSnrMin > Number.NEGATIVE_INFINITY)) throw new LangevinError('invalid_spec', `needs a logSnrMin below 0, got ${logSnrMin}`);
  return 1 / (1 + Math.exp(-logSnrMin));
}

/** ᾱ(t) from 1 at time 0 on, as two functions: how much is missing to 1, exactly also where that is little, and (ln ᾱ)′. */
export interface AlphaBar {
  /** 1 − ᾱ(t). */
  missing(t: number): number;
  /** (ln ᾱ)′(t), below 0. */
  logSlope(t: number): number;
}

/** The variance preserving process of 0 ≤ t ≤ tMax with α² = ᾱ and σ² = 1 − ᾱ. */
export function alphaBarProcess({ missing, logSlope }: AlphaBar, tMax: number): GaussianProcess {
  const sigma2 = (t: number): number => missing(timeWithin(t, 0, tMax));
  return {
    tMin: 0,
    tMax,
    prior: { standardDeviation: 1 },
    alpha: (t) => Math.sqrt(1 - sigma2(t)),
    sigma: (t) => Math.sqrt(sigma2(t)),
    logSnr: (t) => Math.log((1 - sigma2(t)) / sigma2(t)),
    drift: (t) => logSlope(timeWithin(t, 0, tMax)) / 2,
    diffusion2: (t) => -logSlope(timeWithin(t, 0, tMax)),
  };
}
