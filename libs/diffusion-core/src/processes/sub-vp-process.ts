import type { GaussianProcess } from './gaussian-process.js';
import { linearBeta, type LinearBetaOptions } from './linear-beta.js';

/**
 * The sub-VP SDE dx = −½β(t)·x dt + √(β(t)·(1 − α⁴(t))) dw for 0 ≤ t ≤ 1 (Song et al. 2021, eq. 13 and 29): the same α as VP, and
 * σ = 1 − α², never more noise than VP has. At 0 data are clean.
 *
 * @throws LangevinError `invalid_spec` unless 0 < betaMin < betaMax
 */
export function subVpProcess(options: LinearBetaOptions = {}): GaussianProcess {
  const { beta, logAlpha } = linearBeta(options);
  const sigma = (t: number): number => -Math.expm1(2 * logAlpha(t));
  return {
    tMin: 0,
    tMax: 1,
    prior: { standardDeviation: 1 },
    alpha: (t) => Math.exp(logAlpha(t)),
    sigma,
    logSnr: (t) => 2 * (logAlpha(t) - Math.log(sigma(t))),
    drift: (t) => -beta(t) / 2,
    diffusion2: (t) => -beta(t) * Math.expm1(4 * logAlpha(t)),
  };
}
