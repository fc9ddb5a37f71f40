import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { sameTime } from '../samplers/same-time.js';
import { jacobianTrace, sumPerSample, type Divergence } from './jacobian-trace.js';
import { rk45, type Rk45Options } from './rk45.js';

/** Options of `flowLogLikelihood`. */
export interface FlowLogLikelihoodOptions extends Rk45Options {
  /** Time at which data are taken to lie, with σ > 0. */
  readonly tStart: number;
  /** How the divergence of the flow is found. */
  readonly divergence: Divergence;
}

/** What the flow says of a batch. */
export interface FlowLogLikelihood {
  /** ln p(x) of each sample in nats: [B], float32. */
  readonly logLikelihood: tf.Tensor1D;
  /** Where the flow takes each sample: shaped like x. */
  readonly latent: tf.Tensor;
  readonly evaluations: number;
}

/**
 * ln p(x) under the law that the probability flow of a denoiser draws from: dx/dt = f·x − ½g²·∇ ln p_t(x) is followed from data to the prior,
 * and ln p(x) = ln prior(x_T) + ∫ ∇·(dx/dt) dt (Song et al. 2021, eq. 13 and 39, after Chen et al. 2018). Of continuous data: whole numbers have to be
 * dequantised before, and the logarithm of the size of a step taken into account after. The denoiser has to be differentiable.
 *
 * @param x [B, …] data at tStart; kept
 * @returns new tensors
 * @throws LangevinError `invalid_argument` where tStart has no noise, or the probe another shape; and as `rk45`
 */
export function flowLogLikelihood(denoiser: Denoiser, process: GaussianProcess, x: tf.Tensor, options: FlowLogLikelihoodOptions): FlowLogLikelihood {
  const { tStart, divergence, ...tolerances } = options;
  if (!(process.sigma(tStart) > 0)) throw new LangevinError('invalid_argument', `at time ${tStart} data are clean, and the flow is not defined: choose a time with some noise`);
  if (divergence !== 'exact' && divergence.shape.join() !== x.shape.join()) {
    throw new LangevinError('invalid_argument', `the probe has the shape [${divergence.shape.join(', ')}] instead of x's [${x.shape.join(', ')}]`);
  }
  const batch = x.shape[0] ?? 1;
  const drift = (at: tf.Tensor, t: number): tf.Tensor => {
    const [alpha, sigma2, half] = [process.alpha(t), process.sigma(t) * process.sigma(t), process.diffusion2(t) / 2];
    // f·x − ½g²·(α·x̂₀ − x)/σ²
    return tf.sub(tf.mul(process.drift(t) + half / sigma2, at), tf.mul((half * alpha) / sigma2, denoiser(at, sameTime(at, t))));
  };
  const start = tf.zeros<tf.Rank.R1>([batch]);
  const { y, evaluations } = rk45((t, [at]) => [drift(at!, t), jacobianTrace((z) => drift(z, t), at!, divergence)], [tStart, process.tMax], [x, start], tolerances);
  const [latent, integral] = y as [tf.Tensor, tf.Tensor1D];
  const logLikelihood = tf.tidy(() => tf.add<tf.Tensor1D>(logNormal(latent, process.prior.standardDeviation), integral));
  tf.dispose([start, integral]);
  return { logLikelihood, latent, evaluations };
}

/** ln N(x; 0, s²·I) of each sample: [B]. */
export function logNormal(x: tf.Tensor, deviation: number): tf.Tensor1D {
  const batch = x.shape[0] ?? 1;
  const constant = (-(x.size / batch) * Math.log(2 * Math.PI * deviation * deviation)) / 2;
  return tf.add(constant, tf.mul(-0.5 / (deviation * deviation), sumPerSample(tf.square(x))));
}
