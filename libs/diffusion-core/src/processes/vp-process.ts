import type { GaussianProcess } from './gaussian-process.js';
import { linearBeta, type LinearBetaOptions } from './linear-beta.js';

/**
 * The variance preserving SDE dx = −½β(t)·x dt + √β(t) dw for 0 ≤ t ≤ 1 (Song et al. 2021, eq. 11 and 32): the limit of DDPM for
 * many steps. α² + σ² = 1; at 0 data are clean.
 *
 * @throws LangevinError `invalid_spec` unless 0 < betaMin < betaMax
 */
export function vpProcess(options: LinearBetaOptions = {}): GaussianProcess {
  const { beta, logAlpha } = linearBeta(options);
  return {
    tMin: 0,
    tMax: 1,
    prior: { standardDeviation: 1 },
    alpha: (t) => Math.exp(logAlpha(t)),
    sigma: (t) => Math.sqrt(-Math.expm1(2 * logAlpha(t))),
    logSnr: (t) => -Math.log(Math.expm1(-2 * logAlpha(t))),
    drift: (t) => -beta(t) / 2,
    diffusion2: beta,
  };
}
