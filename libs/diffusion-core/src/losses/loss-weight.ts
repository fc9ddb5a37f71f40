import type { PredictionType } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';

/** How errors at different noise levels count. */
export type LossWeighting =
  /** Every level of what is predicted alike: L_simple (Ho et al. 2020, eq. 14). */
  | 'simple'
  /** ‖x₀ − x̂₀‖² times min(SNR, γ) (Hang et al. 2023, eq. 6–8). */
  | 'min_snr'
  /** ‖x₀ − x̂₀‖² times max(SNR, 1) (Salimans & Ho 2022, §4). */
  | 'truncated_snr'
  /** ‖x₀ − x̂₀‖² times (σ̃² + σ_data²)/(σ̃·σ_data)², σ̃ = σ/α: EDM's F alike at every level (Karras et al. 2022, table 1). */
  | 'edm'
  /** ‖s − ŝ‖² of the score times g²: with a half and integrated over time it is the bound on −ln p (Song et al. 2021b, theorem 1). */
  | 'likelihood';

/** Constants of weightings. */
export interface LossWeightOptions {
  /** γ of `min_snr`. @default 5 */
  readonly gamma?: number;
  /** σ_data of `edm`. @default 0.5 */
  readonly sigmaData?: number;
}

/** ‖prediction − target‖² as a multiple of ‖x₀ − x̂₀‖². */
export function predictionGain(type: PredictionType, { alpha, sigma }: { readonly alpha: number; readonly sigma: number }): number {
  switch (type) {
    case 'epsilon':
      return (alpha / sigma) ** 2;
    case 'sample':
      return 1;
    case 'v_prediction':
      return ((alpha * alpha + sigma * sigma) / sigma) ** 2;
    case 'score':
      return (alpha / (sigma * sigma)) ** 2;
  }
}

/** Factor of ‖prediction − target‖² at a time with noise, in the weighting of this name. */
export function lossWeight(weighting: LossWeighting, type: PredictionType, process: GaussianProcess, t: number, { gamma = 5, sigmaData = 0.5 }: LossWeightOptions = {}): number {
  const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
  const snr = (alpha / sigma) ** 2;
  const gain = predictionGain(type, { alpha, sigma });
  switch (weighting) {
    case 'simple':
      return 1;
    case 'min_snr':
      return Math.min(snr, gamma) / gain;
    case 'truncated_snr':
      return Math.max(snr, 1) / gain;
    case 'edm':
      return (snr + 1 / sigmaData ** 2) / gain;
    case 'likelihood':
      return (process.diffusion2(t) * snr) / (sigma * sigma) / gain;
  }
}
