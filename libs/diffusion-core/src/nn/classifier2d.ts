import * as tf from '@tensorflow/tfjs-core';
import { LangevinError, type Classifier2DConfig } from '@langevin/contracts';
import { attentionPool } from './attention-pool.js';
import { classifier2dLayout } from './classifier2d-layout.js';
import type { NetworkOptions } from './encoder-block.js';
import { encoderMisfit, encoderPass, timeEmbedding } from './encoder2d.js';
import { encoderStructure, headChannels } from './encoder2d-structure.js';
import { groupNorm } from './group-norm.js';
import type { ParameterLayout } from './parameter-layout.js';
import { Weights } from './weights.js';

/** A classifier of noisy images as a pure function of its parameters. */
export interface Classifier2D {
  readonly config: Classifier2DConfig;
  readonly layout: ParameterLayout;
  /**
   * ln p(y | x_t) up to a constant, [B, num_classes]; the caller disposes of it, nothing else is left behind.
   *
   * @param parameters tensors of `layout`, as `splitParameters` gives them
   * @param x [B, sample_size, sample_size, in_channels]
   * @param t [B], times in the units of training: 0 … num_train_timesteps−1
   * @throws LangevinError `invalid_argument` when a shape does not fit
   */
  logits(parameters: readonly tf.Tensor[], x: tf.Tensor4D, t: tf.Tensor1D): tf.Tensor2D;
}

/**
 * The classifier that guides a diffusion model (Dhariwal & Nichol 2021, §4.3; `EncoderUNetModel` of guided-diffusion with
 * pool "attention"): the way down and the middle of the U-Net, group normalisation, SiLU, attention pooling.
 *
 * @param config a configuration that passed `parseClassifier2DConfig`
 * @param options what changes memory, time and rounding, and no more
 * @throws LangevinError `invalid_spec` for a configuration that cannot be built
 */
export function classifier2d(config: Classifier2DConfig, options: NetworkOptions = {}): Classifier2D {
  const structure = encoderStructure(config);
  const layout = classifier2dLayout(config);
  return {
    config,
    layout,
    logits: (parameters, x, t) => {
      checkInputs(config, x, t);
      return tf.tidy(() => {
        const weights = Weights.of(layout, parameters);
        const { context, encode } = encoderPass(config, structure, weights, timeEmbedding(config, weights, t, options), options);
        const { hidden } = encode(x);
        const normal = groupNorm(hidden, { ...context, scale: weights.vector('conv_norm_out.weight'), offset: weights.vector('conv_norm_out.bias'), activate: true });
        return attentionPool(normal, weights.in('attnpool'), headChannels(config, structure.midChannels), context.products);
      });
    },
  };
}

function checkInputs(config: Classifier2DConfig, x: tf.Tensor4D, t: tf.Tensor1D): void {
  const [, height, width] = x.shape;
  const size = config.sample_size;
  // The pool has a learned position for each pixel: unlike a U-Net, it knows one size.
  const misfit = height === size && width === size ? encoderMisfit(config, x, t) : `x is ${height}×${width}, sample_size is ${size}`;
  if (misfit !== undefined) throw new LangevinError('invalid_argument', `classifier2d: ${misfit}`);
}
