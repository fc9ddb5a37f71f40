import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { GridStep } from './timestep-grid.js';

/** A reverse step as numbers: x_tPrev = x0·x̂₀ + x·x_t + noise·z, z ~ N(0, I). */
export interface StepCoefficients {
  /** Factor of the denoiser's x̂₀. */
  readonly x0: number;
  /** Factor of x_t. */
  readonly x: number;
  /** Standard deviation of the fresh noise; 0 for a deterministic step. */
  readonly noise: number;
}

/** Not `** 2`: its last bit is V8's own affair. */
const square = (x: number): number => x * x;

/** Variance of x_t given x_tPrev: σ²_{t|s} = σ_t² − (α_t/α_s)²·σ_s². */
function transitionVariance(process: GaussianProcess, { t, tPrev }: GridStep): number {
  const ratio = process.alpha(t) / process.alpha(tPrev);
  return square(process.sigma(t)) - square(ratio) * square(process.sigma(tPrev));
}

/**
 * DDPM's ancestral step, q(x_s | x_t, x̂₀) for any pair s < t of any Gaussian process (Ho et al. 2020, eq. 6–7; Kingma
 * et al. 2021, appendix A). The last step, to clean data, adds no noise.
 */
export function ancestralCoefficients(process: GaussianProcess, step: GridStep, varianceType: VarianceType): StepCoefficients {
  const sigma2 = square(process.sigma(step.t));
  const sigma2Prev = square(process.sigma(step.tPrev));
  const alphaPrev = process.alpha(step.tPrev);
  const transition = transitionVariance(process, step);
  const variance = varianceType === 'fixed_large' ? transition : (transition * sigma2Prev) / sigma2;
  return {
    x0: (alphaPrev * transition) / sigma2,
    x: ((process.alpha(step.t) / alphaPrev) * sigma2Prev) / sigma2,
    noise: sigma2Prev === 0 ? 0 : Math.sqrt(variance),
  };
}

/**
 * DDIM's step (Song, Meng & Ermon 2021, eq. 12 and 16) for any Gaussian process: η = 0 is deterministic, η = 1 is the
 * ancestral step with variance `fixed_small`.
 */
export function ddimCoefficients(process: GaussianProcess, step: GridStep, eta: number): StepCoefficients {
  const sigma = process.sigma(step.t);
  const sigmaPrev = process.sigma(step.tPrev);
  const noise = (eta * Math.sqrt(Math.max(transitionVariance(process, step), 0)) * sigmaPrev) / sigma;
  const direction = Math.sqrt(Math.max(square(sigmaPrev) - square(noise), 0)) / sigma;
  return { x0: process.alpha(step.tPrev) - process.alpha(step.t) * direction, x: direction, noise };
}

/**
 * Euler–Maruyama's step on the reverse SDE (Song et al. 2021, eq. 6) with the score (α·x̂₀ − x)/σ²:
 * x_s = x − Δ·(f·x − g²·score) + g·√Δ·z, Δ = t − s. The last step, to clean data, adds no noise.
 */
export function eulerMaruyamaCoefficients(process: GaussianProcess, { t, tPrev }: GridStep): StepCoefficients {
  const length = t - tPrev;
  const strength = (length * process.diffusion2(t)) / square(process.sigma(t));
  return {
    x0: strength * process.alpha(t),
    x: 1 - length * process.drift(t) - strength,
    noise: process.sigma(tPrev) === 0 ? 0 : Math.sqrt(length * process.diffusion2(t)),
  };
}

/**
 * The reverse diffusion step (Song et al. 2021, appendix E, eq. 46), which takes the steps of the forward process back: x_t = r·x_s + √v·z with r = α_t/α_s and
 * v = σ²_{t|s} becomes x_s = (2 − r)·x_t + v·score + √v·z. The last step, to clean data, adds no noise.
 */
export function reverseDiffusionCoefficients(process: GaussianProcess, step: GridStep): StepCoefficients {
  const [alpha, sigma2, variance] = [process.alpha(step.t), square(process.sigma(step.t)), transitionVariance(process, step)];
  return {
    x0: (variance * alpha) / sigma2,
    x: 2 - alpha / process.alpha(step.tPrev) - variance / sigma2,
    noise: process.sigma(step.tPrev) === 0 ? 0 : Math.sqrt(variance),
  };
}
