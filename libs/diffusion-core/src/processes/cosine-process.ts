import { LangevinError } from '@langevin/contracts';
import { alphaBarAt, alphaBarProcess, type LogSnrMinOptions } from './alpha-bar-process.js';
import type { GaussianProcess } from './gaussian-process.js';

/** Options of `cosineProcess`. */
export interface CosineOptions extends LogSnrMinOptions {
  /** s of the paper: with more of it, less happens at the beginning. @default 0.008 */
  readonly offset?: number;
}

/**
 * The cosine schedule in continuous time: α²(t) = cos²θ(t)/cos²θ(0) with θ(t) = (t + s)/(1 + s)·π/2, from clean data at 0 to where λ = logSnrMin,
 * a little before 1 (Nichol & Dhariwal 2021, eq. 17). With offset 0 it is α = cos(πt/2), σ = sin(πt/2) (Salimans & Ho 2022).
 *
 * @throws LangevinError `invalid_spec` for an offset below 0, or a logSnrMin that is not below 0
 */
export function cosineProcess({ offset = 0.008, logSnrMin = -20 }: CosineOptions = {}): GaussianProcess {
  if (!(offset >= 0 && offset < Number.POSITIVE_INFINITY)) throw new LangevinError('invalid_spec', `needs an offset of at least 0, got ${offset}`);
  const speed = Math.PI / 2 / (1 + offset);
  const angle = (t: number): number => (t + offset) * speed;
  const [start, cosStart] = [angle(0), Math.cos(angle(0))];
  const tMax = Math.acos(Math.sqrt(alphaBarAt(logSnrMin)) * cosStart) / speed - offset;
  return alphaBarProcess(
    {
      // cos²a − cos²b = sin(b − a)·sin(b + a), which loses no digits where both are nearly the same.
      missing: (t) => (Math.sin(t * speed) * Math.sin(angle(t) + start)) / (cosStart * cosStart),
      logSlope: (t) => -2 * speed * Math.tan(angle(t)),
    },
    tMax,
  );
}
