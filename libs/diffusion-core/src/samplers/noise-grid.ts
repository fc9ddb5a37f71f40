import { LangevinError } from '@langevin/contracts';
import type { GridStep } from './timestep-grid.js';

/** Options of grids whose times are noises. */
export interface NoiseGridOptions {
  /** The last noise but 0. @default 0.002 */
  readonly sigmaMin?: number;
  /** The first. @default 80 */
  readonly sigmaMax?: number;
  /** Whether a last step leads from sigmaMin to 0. @default true */
  readonly endsClean?: boolean;
}

/**
 * n noises from sigmaMax to sigmaMin, which are met exactly, and between them `noise` of the share of the steps; after them 0.
 *
 * @param name what is made, for messages
 * @throws LangevinError `invalid_argument` unless n is a whole number of at least 2, 0 < sigmaMin < sigmaMax and ρ > 0
 */
export function noiseGrid(name: string, n: number, rho: number, options: NoiseGridOptions, noise: (share: number, sigmaMin: number, sigmaMax: number) => number): GridStep[] {
  const { sigmaMin = 0.002, sigmaMax = 80, endsClean = true } = options;
  if (!Number.isInteger(n) || n < 2) throw new LangevinError('invalid_argument', `${name} needs at least 2 noises, got ${n}`);
  if (!(sigmaMin > 0 && sigmaMin < sigmaMax && rho > 0)) {
    throw new LangevinError('invalid_argument', `${name} needs 0 < sigmaMin < sigmaMax and rho > 0, got ${sigmaMin}, ${sigmaMax} and ${rho}`);
  }
  const inner = Array.from({ length: n - 2 }, (_, i) => noise((i + 1) / (n - 1), sigmaMin, sigmaMax));
  const noises = [sigmaMax, ...inner, sigmaMin, ...(endsClean ? [0] : [])];
  return noises.slice(1).map((tPrev, i) => ({ t: noises[i]!, tPrev })); // One noise more than steps.
}
