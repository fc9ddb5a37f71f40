import type { DdpmProcess } from './ddpm-process.js';
import { timeWithin } from './continuous-time.js';
import type { GaussianProcess } from './gaussian-process.js';

/**
 * A process that is known at whole times, at all times from −1 to T−1: between whole times ln ᾱ is linear, as `drift` and `diffusion2` of the process
 * have it. Networks that were trained at whole times are told the times between as they are.
 */
export function interpolatedProcess(process: DdpmProcess): GaussianProcess {
  const { tMin, tMax, prior } = process;
  /** The whole time at which a piece ends. */
  const end = (t: number): number => Math.max(Math.ceil(timeWithin(t, tMin, tMax)), 0);
  /** ln ᾱ; the piece before clean data begins at ln 1. */
  const logAlphaBar = (t: number): number => 2 * (Math.log(process.alpha(end(t) - 1)) + (t - end(t) + 1) * process.drift(end(t)));
  const sigma2 = (t: number): number => -Math.expm1(logAlphaBar(t));
  return {
    tMin,
    tMax,
    prior,
    alpha: (t) => Math.exp(logAlphaBar(t) / 2),
    sigma: (t) => Math.sqrt(sigma2(t)),
    logSnr: (t) => logAlphaBar(t) - Math.log(sigma2(t)),
    drift: (t) => process.drift(end(t)),
    diffusion2: (t) => process.diffusion2(end(t)),
  };
}
