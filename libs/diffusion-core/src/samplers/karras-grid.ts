import { LangevinError } from '@langevin/contracts';
import type { GridStep } from './timestep-grid.js';

/** Options of `karrasGrid`. */
export interface KarrasGridOptions {
  /** The last noise but 0. @default 0.002 */
  readonly sigmaMin?: number;
  /** The first. @default 80 */
  readonly sigmaMax?: number;
  /** ρ: the larger, the shorter are the steps near sigmaMin. @default 7 */
  readonly rho?: number;
  /** Whether a last step leads from sigmaMin to 0. @default true */
  readonly endsClean?: boolean;
}

/**
 * n noises from sigmaMax to sigmaMin and, after them, 0: the grid of EDM (Karras et al. 2022, eq. 5), for processes whose time is their
 * noise, as that of `edmProcess` is: σᵢ = (σ_max^{1/ρ} + i/(n−1)·(σ_min^{1/ρ} − σ_max^{1/ρ}))^ρ.
 *
 * @throws LangevinError `invalid_argument` unless n is a whole number of at least 2, 0 < sigmaMin < sigmaMax and ρ > 0
 */
export function karrasGrid(n: number, options: KarrasGridOptions = {}): GridStep[] {
  const { sigmaMin = 0.002, sigmaMax = 80, rho = 7, endsClean = true } = options;
  if (!Number.isInteger(n) || n < 2) throw new LangevinError('invalid_argument', `a Karras grid needs at least 2 noises, got ${n}`);
  if (!(sigmaMin > 0 && sigmaMin < sigmaMax && rho > 0)) {
    throw new LangevinError('invalid_argument', `a Karras grid needs 0 < sigmaMin < sigmaMax and rho > 0, got ${sigmaMin}, ${sigmaMax} and ${rho}`);
  }
  const [first, last] = [sigmaMax ** (1 / rho), sigmaMin ** (1 / rho)];
  const inner = Array.from({ length: n - 2 }, (_, i) => (first + ((i + 1) / (n - 1)) * (last - first)) ** rho);
  const noises = [sigmaMax, ...inner, sigmaMin, ...(endsClean ? [0] : [])];
  return noises.slice(1).map((tPrev, i) => ({ t: noises[i]!, tPrev })); // One noise more than steps.
}
