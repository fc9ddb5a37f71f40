import { LangevinError } from '@langevin/contracts';
import { timeWithin } from './continuous-time.js';
import type { GaussianProcess } from './gaussian-process.js';

/** Where an EDM process ends. */
export interface EdmOptions {
  /** The largest noise, in units of the data. @default 80 */
  readonly sigmaMax?: number;
}

/**
 * The process of EDM, whose time is its noise: α = 1 and σ(t) = t for 0 ≤ t ≤ sigmaMax (Karras et al. 2022, table 1). At 0 data are
 * clean.
 *
 * @throws LangevinError `invalid_spec` unless sigmaMax is positive
 */
export function edmProcess({ sigmaMax = 80 }: EdmOptions = {}): GaussianProcess {
  if (!(sigmaMax > 0 && sigmaMax < Number.POSITIVE_INFINITY)) throw new LangevinError('invalid_spec', `needs sigmaMax > 0, got ${sigmaMax}`);
  const within = (t: number): number => timeWithin(t, 0, sigmaMax);
  return {
    tMin: 0,
    tMax: sigmaMax,
    prior: { standardDeviation: sigmaMax },
    alpha: (t) => (within(t), 1),
    sigma: within,
    logSnr: (t) => -2 * Math.log(within(t)),
    drift: (t) => (within(t), 0),
    diffusion2: (t) => 2 * within(t),
  };
}
