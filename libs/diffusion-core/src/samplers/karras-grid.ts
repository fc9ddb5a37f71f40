import { noiseGrid, type NoiseGridOptions } from './noise-grid.js';
import type { GridStep } from './timestep-grid.js';

/** Options of `karrasGrid`. */
export interface KarrasGridOptions extends NoiseGridOptions {
  /** ρ: the larger, the shorter are the steps near sigmaMin. @default 7 */
  readonly rho?: number;
}

/**
 * n noises from sigmaMax to sigmaMin and, after them, 0: the grid of EDM (Karras et al. 2022, eq. 5), for processes whose time is their
 * noise, as that of `edmProcess` is: σᵢ = (σ_max^{1/ρ} + i/(n−1)·(σ_min^{1/ρ} − σ_max^{1/ρ}))^ρ. `gridOfProcess` makes one of any process of it.
 *
 * @throws LangevinError `invalid_argument` unless n is a whole number of at least 2, 0 < sigmaMin < sigmaMax and ρ > 0
 */
export function karrasGrid(n: number, { rho = 7, ...options }: KarrasGridOptions = {}): GridStep[] {
  return noiseGrid('a Karras grid', n, rho, options, (share, sigmaMin, sigmaMax) => {
    const [first, last] = [sigmaMax ** (1 / rho), sigmaMin ** (1 / rho)];
    return (first + share * (last - first)) ** rho;
  });
}
