import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { Denoiser, PredictionType, Predictor } from './denoiser.js';

/** What a network F predicts: one of the four, or EDM's F, whose inputs and targets have unit variance at every noise level. */
export type PreconditioningType = PredictionType | 'edm';

/** x̂₀ = c_skip·x + c_out·F(c_in·x, c_noise), x = αx₀ + σε (Karras et al. 2022, eq. 7). */
export interface Preconditioning {
  readonly skip: number;
  readonly out: number;
  readonly in: number;
}

/** Options of `preconditioning`. */
export interface PreconditioningOptions {
  /** Standard deviation of data: EDM's σ_data. @default 0.5 */
  readonly sigmaData?: number;
}

/**
 * The row of Karras et al. (2022), table 1, of a prediction, for any α and σ. EDM's is that of x/α at the noise σ/α; with α² + σ² = 1 and σ_data = 1 it is v
 * with the other sign.
 */
export function preconditioning(type: PreconditioningType, { alpha, sigma }: { readonly alpha: number; readonly sigma: number }, { sigmaData = 0.5 }: PreconditioningOptions = {}): Preconditioning {
  const total = alpha * alpha + sigma * sigma;
  switch (type) {
    case 'epsilon':
      return { skip: 1 / alpha, out: -sigma / alpha, in: 1 };
    case 'sample':
      return { skip: 0, out: 1, in: 1 };
    case 'v_prediction':
      return { skip: alpha / total, out: -sigma / total, in: 1 };
    case 'score':
      return { skip: 1 / alpha, out: (sigma * sigma) / alpha, in: 1 };
    case 'edm': {
      // Variance of x.
      const variance = alpha * alpha * sigmaData * sigmaData + sigma * sigma;
      return { skip: (alpha * sigmaData * sigmaData) / variance, out: (sigma * sigmaData) / Math.sqrt(variance), in: 1 / Math.sqrt(variance) };
    }
  }
}

/**
 * Reads a network as a denoiser by its row of the table. The network is told t as it is; EDM's c_noise is ¼·ln(σ/α), `edmNoiseLabel`. The returned function
 * leaves only its result behind, and reads t back: `toDenoiser` is the one for compiled graphs.
 */
export function preconditioned(network: Predictor, process: GaussianProcess, type: PreconditioningType, options: PreconditioningOptions = {}): Denoiser {
  return (x, t) =>
    tf.tidy(() => {
      const rows = Array.from(t.dataSync<'float32'>(), (time) => preconditioning(type, { alpha: process.alpha(time), sigma: process.sigma(time) }, options));
      const each = (name: keyof Preconditioning): tf.Tensor =>
        tf.tensor(
          rows.map((row) => row[name]),
          [rows.length, ...new Array<number>(x.rank - 1).fill(1)],
        );
      return tf.add(tf.mul(each('skip'), x), tf.mul(each('out'), network(tf.mul(each('in'), x), t)));
    });
}

/** What EDM's network is told in place of a time: c_noise = ¼·ln σ̃, σ̃ = σ/α (Karras et al. 2022, table 1), which is −λ/8. */
export function edmNoiseLabel(process: GaussianProcess, t: number): number {
  return -process.logSnr(t) / 8;
}

/** Normal ln σ̃ of EDM's training noise (Karras et al. 2022, table 1: P_mean = −1.2, P_std = 1.2), of a standard normal number. */
export function edmTrainingSigma(normal: number, { mean = -1.2, standardDeviation = 1.2 } = {}): number {
  return Math.exp(mean + standardDeviation * normal);
}
