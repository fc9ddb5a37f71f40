import * as tf from '@tensorflow/tfjs-core';
import type { TracedDenoiser } from '@langevin/diffusion-core';
import type { DiffusionModel } from './diffusion-model.js';
import type { ModelDenoiserOptions } from './model-denoiser.js';

/** What the model is told, and the probe v of the trace vᵀ(∂x̂₀/∂x)v (Hutchinson 1990). */
export interface TracedModelDenoiserOptions extends Pick<ModelDenoiserOptions, 'labels' | 'guidanceScale' | 'clipSample'> {
  /** [B, height, width, channels] whose elements have mean 0 and variance 1, as signs drawn evenly; kept. */
  readonly probe: tf.Tensor;
}

/** A trained model as a function that also knows the trace of its Jacobian, both compiled. It holds memory until it is disposed of. */
export interface TracedModelDenoiser extends Disposable {
  /** For x of as many images as the probe. */
  readonly denoise: TracedDenoiser;
}

/**
 * The denoiser of a model for likelihoods by its probability flow (`gridFlowLogLikelihood`, `flowBound` of `@langevin/diffusion-core`).
 * @throws LangevinError `invalid_argument` as `DiffusionModel.denoiser`
 */
export function tracedModelDenoiser(model: DiffusionModel, { probe, ...told }: TracedModelDenoiserOptions): TracedModelDenoiser {
  const plain = model.denoiser(told);
  // Jᵀv in one graph: vᵀJv is vᵀ(Jᵀv).
  const gradient = model.denoiser({
    ...told,
    conditions: { probe },
    guide: (inner, { probe: v }) => (x, t) => tf.grad((at) => tf.sum(tf.mul(inner(at, t), v!)))(x),
  });
  return {
    denoise: (x, t) => ({
      x0: plain.denoise(x, t),
      trace: tf.tidy(() => tf.sum<tf.Tensor1D>(tf.reshape(tf.mul(probe, gradient.denoise(x, t)), [x.shape[0]!, -1]), 1)), // [B, …].
    }),
    [Symbol.dispose]() {
      plain[Symbol.dispose]();
      gradient[Symbol.dispose]();
    },
  };
}
