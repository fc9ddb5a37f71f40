import { requireAscending, timeWithin } from './continuous-time.js';
import type { GaussianProcess } from './gaussian-process.js';

/** Limits of σ(t) for 0 ≤ t ≤ 1. */
export interface VeOptions {
  /** σ(0): so much noise is always left. @default 0.01 */
  readonly sigmaMin?: number;
  /** σ(1), about the largest distance of two data. @default 50 */
  readonly sigmaMax?: number;
}

/**
 * The variance exploding SDE of NCSN: α = 1 and σ(t) = sigmaMin·(sigmaMax/sigmaMin)ᵗ for 0 ≤ t ≤ 1, a geometric row of noises
 * (Song et al. 2021, eq. 9 and 30, whose marginal is that of the chain of eq. 20).
 *
 * @throws LangevinError `invalid_spec` unless 0 < sigmaMin < sigmaMax
 */
export function veProcess({ sigmaMin = 0.01, sigmaMax = 50 }: VeOptions = {}): GaussianProcess {
  requireAscending('sigma', sigmaMin, sigmaMax);
  const rate = Math.log(sigmaMax / sigmaMin);
  const logSigma = (t: number): number => Math.log(sigmaMin) + rate * timeWithin(t, 0, 1);
  return {
    tMin: 0,
    tMax: 1,
    prior: { standardDeviation: sigmaMax },
    alpha: (t) => (timeWithin(t, 0, 1), 1),
    sigma: (t) => Math.exp(logSigma(t)),
    logSnr: (t) => -2 * logSigma(t),
    drift: (t) => (timeWithin(t, 0, 1), 0),
    diffusion2: (t) => 2 * rate * Math.exp(2 * logSigma(t)),
  };
}
