import { requireAscending, timeWithin } from './continuous-time.js';

/** Limits of β(t) = betaMin + t·(betaMax − betaMin) for 0 ≤ t ≤ 1. */
export interface LinearBetaOptions {
  /** β(0). @default 0.1 */
  readonly betaMin?: number;
  /** β(1). @default 20 */
  readonly betaMax?: number;
}

/** β in continuous time, with what VP and sub-VP make of it. */
export interface LinearBeta {
  /** β(t). */
  beta(t: number): number;
  /** ln α(t) = −½ ∫₀ᵗ β(s) ds = −¼·t²·(betaMax − betaMin) − ½·t·betaMin. */
  logAlpha(t: number): number;
}

/**
 * The linear β of Song et al. (2021), eq. 32, the limit of DDPM's.
 *
 * @throws LangevinError `invalid_spec` unless 0 < betaMin < betaMax
 */
export function linearBeta({ betaMin = 0.1, betaMax = 20 }: LinearBetaOptions = {}): LinearBeta {
  requireAscending('beta', betaMin, betaMax);
  const slope = betaMax - betaMin;
  return {
    beta: (t) => betaMin + timeWithin(t, 0, 1) * slope,
    logAlpha: (t) => -timeWithin(t, 0, 1) * (betaMin / 2 + (t * slope) / 4),
  };
}
