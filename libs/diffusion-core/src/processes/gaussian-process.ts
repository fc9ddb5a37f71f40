/**
 * A Gaussian forward process: x_t = α(t)·x₀ + σ(t)·ε, ε ~ N(0, I). DDPM, VP, sub-VP, VE and EDM are all pairs (α, σ);
 * with f = α′/α and g² = (σ²)′ − 2fσ² the process solves dx = f·x dt + g dw (Song et al. 2021, eq. 5; Karras et al.
 * 2022, appendix B). Times run from tMin (clean data) to tMax (prior); each method throws LangevinError
 * `invalid_argument` outside.
 */
export interface GaussianProcess {
  /** Signal scale α(t). */
  alpha(t: number): number;
  /** Noise scale σ(t). */
  sigma(t: number): number;
  /** λ(t) = ln(α²/σ²); +∞ where σ = 0. */
  logSnr(t: number): number;
  /** f(t) = α′(t)/α(t). */
  drift(t: number): number;
  /** g²(t) = (σ²)′(t) − 2·f(t)·σ²(t). */
  diffusion2(t: number): number;
  /** Smallest time. */
  readonly tMin: number;
  /** Largest time. */
  readonly tMax: number;
  /** What x at tMax is taken to be when sampling begins: N(0, standardDeviation²·I). */
  readonly prior: { readonly standardDeviation: number };
}
