import type * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { VarianceDenoiser } from '../parameterizations/learned-variance.js';
import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { endsOf } from './chain-grid.js';
import type { Decoder } from './decoder.js';
import { decoderTerm, diffusionTerm, priorTerm } from './elbo-terms.js';
import type { WeightedDraw } from './systematic-draws.js';
import { withNoise } from './with-noise.js';

/** How the bound is computed. */
export interface ElboOptions {
  /**
   * The steps of the chain, largest time first, each from where the one before ends: from the last time, whose law is compared with the prior, to the
   * first noise level, which the decoder reads. They need not be even.
   */
  readonly grid: readonly GridStep[];
  readonly decoder: Decoder;
  /**
   * Standard normal noise shaped like x₀ for the term of this number: 0 is L₀, then one for each step or draw. A tensor made inside is disposed of; one
   * that existed before is left alone.
   */
  readonly noise: (term: number) => tf.Tensor;
  /** Which steps of the grid are looked at, for each sample: as many draws for each. @default every step once */
  readonly draws?: readonly (readonly WeightedDraw[])[];
  /** Variance of the steps of a denoiser that does not know its own. @default 'fixed_small' */
  readonly varianceType?: VarianceType;
}

/** The bound on −ln p(x₀) by its parts, in nats, one number for each sample. */
export interface Elbo {
  /** L_T: what is left of the data at the last time. */
  readonly prior: Float64Array;
  /** L_t of each step in the order of the grid; or of each draw, times its weight. */
  readonly steps: readonly Float64Array[];
  /** Σ L_t. */
  readonly diffusion: Float64Array;
  /** L₀: the data, given those at the first noise level. */
  readonly decoder: Float64Array;
  /** L_T + Σ L_t + L₀. */
  readonly total: Float64Array;
}

/**
 * The variational bound −ln p(x₀) ≤ L_T + Σ L_t + L₀ of each sample (Ho et al. 2020, eq. 5), estimated without bias with one noise a term.
 *
 * @param x0 [B, …] data; kept
 * @throws LangevinError `invalid_argument` for a grid with no step or a gap; and as `diffusionTerm` and `decoderNats`
 */
export function elbo(denoiser: Denoiser | VarianceDenoiser, process: GaussianProcess, x0: tf.Tensor, options: ElboOptions): Elbo {
  const { grid, varianceType = 'fixed_small' } = options;
  const [first, last] = endsOf(grid);
  const every = grid.map((_, index) => ({ index, weight: 1 }));
  const draws = options.draws ?? new Array<WeightedDraw[]>(x0.shape[0] ?? 1).fill(every);
  const prior = priorTerm(process, x0, first);
  const decoder = withNoise(options.noise, 0, (eps) => decoderTerm(denoiser, process, x0, { t: last, decoder: options.decoder, eps }));
  const steps = Array.from({ length: draws[0]?.length ?? 0 }, (_, k) => {
    const ofSamples = draws.map((all) => all[k]!); // As many for each sample.
    const terms = withNoise(options.noise, k + 1, (eps) => diffusionTerm(denoiser, process, x0, ofSamples.map(({ index }) => grid[index]!), { eps, varianceType }));
    return terms.map((nats, sample) => ofSamples[sample]!.weight * nats);
  });
  const diffusion = prior.map((_, sample) => steps.reduce((sum, terms) => sum + terms[sample]!, 0));
  return { prior, steps, diffusion, decoder, total: prior.map((nats, sample) => nats + diffusion[sample]! + decoder[sample]!) };
}
