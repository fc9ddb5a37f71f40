import { LangevinError } from '@langevin/contracts';
import { endsOf } from '../likelihood/chain-grid.js';
import { reverseLaw } from '../likelihood/reverse-law.js';
import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { LatticeNormal } from './lattice-normal.js';

/** The chain whose latent values are coded. */
export interface ChainOptions {
  /** Its steps, largest time first, to the first noise level: as in `elbo`, which says what the code will take. */
  readonly grid: readonly GridStep[];
  /** @default 'fixed_small' */
  readonly varianceType?: VarianceType;
  /** Steps of a level's lattice in the least deviation of a law of it, at least 1. More of them change nothing but the bits of the seed. @default 1 */
  readonly resolution?: number;
}

/** One noise level z = k·step, k whole, with the laws under which its k are coded. */
export interface ChainLevel {
  readonly t: number;
  readonly step: number;
  /** q given the level below, or the data: normal around forwardGain·(their value). */
  readonly forward: LatticeNormal;
  readonly forwardGain: number;
  /** p given the level above: normal around gain·x̂₀ + keep·(its value). The highest level has the prior, and no gains. */
  readonly reverse: LatticeNormal;
  readonly gain: number;
  readonly keep: number;
}

/**
 * The levels of a chain, least noise first.
 * @throws LangevinError `invalid_argument` as `elbo` for the grid, and for a resolution below 1
 */
export function chainLevels(process: GaussianProcess, { grid, varianceType, resolution = 1 }: ChainOptions): ChainLevel[] {
  if (!(resolution >= 1)) throw new LangevinError('invalid_argument', `the resolution of a lattice is 1 or more, got ${resolution}`);
  endsOf(grid);
  const steps = [...grid].reverse();
  const times = [...steps.map(({ tPrev }) => tPrev), steps.at(-1)!.t]; // `endsOf` wants one step or more.
  return times.map((t, j) => {
    const below = times[j - 1];
    const forwardGain = below === undefined ? process.alpha(t) : process.alpha(t) / process.alpha(below);
    const forward = Math.sqrt(process.sigma(t) ** 2 - (below === undefined ? 0 : (forwardGain * process.sigma(below)) ** 2));
    const reverse = reverseStep(process, steps[j], varianceType);
    const step = Math.min(forward, reverse.deviation) / resolution;
    return { t, step, forward: new LatticeNormal(forward / step), forwardGain, reverse: new LatticeNormal(reverse.deviation / step, { tails: true }), gain: reverse.gain, keep: reverse.keep };
  });
}

/** p of a level given the one above; of the highest the prior. */
function reverseStep(process: GaussianProcess, step: GridStep | undefined, varianceType?: VarianceType) {
  if (step === undefined) return { deviation: process.prior.standardDeviation, gain: 0, keep: 0 };
  const { gain, keep, small, logRatioAt } = reverseLaw(process, step, varianceType);
  return { deviation: Math.sqrt(small * Math.exp(logRatioAt())), gain, keep };
}
