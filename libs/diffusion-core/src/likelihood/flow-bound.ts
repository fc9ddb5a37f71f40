import * as tf from '@tensorflow/tfjs-core';
import { addNoise } from '../parameterizations/conversions.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { marginalCoefficients } from '../processes/marginal-coefficients.js';
import { sameTime } from '../samplers/same-time.js';
import type { GridStep } from '../samplers/timestep-grid.js';
import { endsOf } from './chain-grid.js';
import { decoderNats, type Decoder } from './decoder.js';
import { gridFlowLogLikelihood } from './grid-flow-log-likelihood.js';
import type { TracedDenoiser } from './jacobian-trace.js';
import { sumOfEach } from './sum-of-each.js';

/** How the bound is computed. */
export interface FlowBoundOptions {
  /** Of the flow; its last time is that of the noisy data which the decoder reads. */
  readonly grid: readonly GridStep[];
  readonly decoder: Decoder;
  /** Standard normal, shaped like x₀; kept. */
  readonly eps: tf.Tensor;
}

/** The bound on −ln P(x₀) by its parts, in nats, one number for each sample. */
export interface FlowBound {
  /** −ln p(x_t) of the noisy data by the flow. */
  readonly flow: Float64Array;
  /** ln q(x_t | x₀): what the choice of the noise gives back. */
  readonly noise: Float64Array;
  /** −ln P(x₀ | x_t). */
  readonly decoder: Float64Array;
  /** Their sum. */
  readonly total: Float64Array;
}

/**
 * −ln P(x₀) ≤ E[−ln p(x_t) + ln q(x_t | x₀) − ln P(x₀ | x_t)] with the likelihood of the probability flow, at one x_t = αx₀ + σε: variational
 * dequantisation by the noise of the process itself (Ho et al. 2019, eq. 5; Song et al. 2021b, §4.3; Zheng et al. 2023, §4). A network that was trained
 * on levels knows noisy levels, not levels spread uniformly. A bound of the probability of levels that may be compared with that of `elbo`.
 *
 * @param x0 [B, …] data; kept
 * @throws LangevinError `invalid_argument` as `gridFlowLogLikelihood` and `decoderNats`
 */
export function flowBound(denoiser: TracedDenoiser, process: GaussianProcess, x0: tf.Tensor, { grid, decoder, eps }: FlowBoundOptions): FlowBound {
  const [, t] = endsOf(grid);
  const natsOf = decoderNats(decoder, process, t);
  const samples = x0.shape[0] ?? 1;
  const elements = x0.size / samples;
  const result: Record<'flow' | 'noise' | 'decoder', Float64Array> = { flow: new Float64Array(), noise: new Float64Array(), decoder: new Float64Array() };
  tf.tidy(() => {
    const times = sameTime(x0, t);
    const x = addNoise(x0, eps, marginalCoefficients(process, times, x0.rank));
    const [clean, noisy, noise] = [x0, x, eps].map((tensor) => tensor.dataSync<'float32'>()) as [Float32Array, Float32Array, Float32Array]; // As many as were asked for.
    const estimate = decoder.kind === 'bayes' ? clean : denoiser(x, times).x0.dataSync<'float32'>();
    result.decoder = sumOfEach(samples, elements, (i) => natsOf({ x0: clean, x: noisy, estimate }, i));
    result.noise = sumOfEach(samples, elements, (i) => -(noise[i]! * noise[i]! + Math.log(2 * Math.PI)) / 2 - Math.log(process.sigma(t)));
    result.flow = gridFlowLogLikelihood(denoiser, process, grid, x).logLikelihood.map((value) => -value);
  });
  return { ...result, total: result.flow.map((nats, i) => nats + result.noise[i]! + result.decoder[i]!) };
}
