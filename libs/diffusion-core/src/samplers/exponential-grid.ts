import { noiseGrid, type NoiseGridOptions } from './noise-grid.js';
import type { GridStep } from './timestep-grid.js';

/** Options of `exponentialGrid`. */
export interface ExponentialGridOptions extends NoiseGridOptions {
  /** 1 for equal steps; the larger, the shorter are the first steps. @default 1 */
  readonly rho?: number;
}

/**
 * n noises from sigmaMax to sigmaMin and, after them, 0, that fall by equal factors: equal steps of λ = −ln σ (Lu et al. 2022a, §3.4: uniform in log-SNR; diffusers:
 * `use_exponential_sigmas`, `use_lu_lambdas`), or, with ρ ≠ 1, k-diffusion's polyexponential ones: ln σᵢ = ln σ_min + (1 − i/(n−1))^ρ·(ln σ_max − ln σ_min). For processes
 * whose time is their noise, as that of `edmProcess` is; `gridOfProcess` makes one of any process of it.
 *
 * @throws LangevinError `invalid_argument` unless n is a whole number of at least 2, 0 < sigmaMin < sigmaMax and ρ > 0
 */
export function exponentialGrid(n: number, { rho = 1, ...options }: ExponentialGridOptions = {}): GridStep[] {
  return noiseGrid('an exponential grid', n, rho, options, (share, sigmaMin, sigmaMax) => sigmaMin * (sigmaMax / sigmaMin) ** ((1 - share) ** rho));
}
