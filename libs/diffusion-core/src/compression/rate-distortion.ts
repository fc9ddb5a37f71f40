import * as tf from '@tensorflow/tfjs-core';
import { addNoise } from '../parameterizations/conversions.js';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { sameTime } from '../samplers/same-time.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { bitsPerDimension } from '../likelihood/bits.js';
import { diffusionTerm, priorTerm } from '../likelihood/elbo-terms.js';
import { sumOfEach } from '../likelihood/sum-of-each.js';

/** What has been sent when the receiver knows x_t, and what it can show by then. */
export interface RateDistortionPoint {
  readonly t: number;
  /** Bits per dimension until here, of each sample: L_T and the terms of all steps before. */
  readonly rate: Float64Array;
  /** Mean square of x₀ − x̂₀(x_t) over the elements of each sample. */
  readonly distortion: Float64Array;
  /** x̂₀(x_t), flattened like x₀. */
  readonly estimate: Float32Array;
}

/** How images are sent. */
export interface RateDistortionOptions {
  /** The chain, largest time first: as in `elbo`. A point stands at the first time and at the end of every step but one to clean data. */
  readonly grid: readonly GridStep[];
  /** Standard normal noise shaped like x₀ of the point of this number. A tensor made inside is disposed of; one that existed before is left alone. */
  readonly noise: (point: number) => tf.Tensor;
}

/**
 * Progressive lossy coding (Ho et al. 2020, §4.3, algorithms 3 and 4): a receiver that has the code of the first steps knows x_t, and shows x̂₀(x_t). The rate is what that code takes. For data
 * N(m, v) and many steps it is the rate–distortion function of Shannon, D = v·2^(−2R).
 *
 * @param x0 [B, …] data; kept
 * @throws LangevinError `invalid_argument` as `diffusionTerm` for the grid
 */
export function rateDistortion(denoiser: Denoiser, process: GaussianProcess, x0: tf.Tensor, { grid, noise }: RateDistortionOptions): RateDistortionPoint[] {
  const samples = x0.shape[0]!; // [B, …].
  const elements = x0.size / samples;
  const clean = x0.dataSync<'float32'>();
  let nats = priorTerm(process, x0, grid[0]?.t);
  return grid.map((step, point) => {
    const estimate = new Float32Array(x0.size);
    const sent = nats;
    tf.tidy(() => {
      const eps = noise(point);
      const x = addNoise(x0, eps, marginalCoefficients(process, sameTime(x0, step.t), x0.rank));
      estimate.set(denoiser(x, sameTime(x0, step.t)).dataSync<'float32'>());
      // The step to clean data is sent by a decoder: no rate of this curve.
      if (process.sigma(step.tPrev) > 0) {
        const term = diffusionTerm(denoiser, process, x0, new Array<GridStep>(samples).fill(step), { eps });
        nats = nats.map((value, sample) => value + term[sample]!);
      }
    });
    const distortion = sumOfEach(samples, elements, (i) => (clean[i]! - estimate[i]!) ** 2 / elements);
    return { t: step.t, rate: sent.map((value) => bitsPerDimension(value, elements)), distortion, estimate };
  });
}
