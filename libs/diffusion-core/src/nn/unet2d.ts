import * as tf from '@tensorflow/tfjs-core';
import { LangevinError, type UNet2DConfig } from '@langevin/contracts';
import type { NetworkOptions } from './encoder-block.js';
import { encoderMisfit, encoderPass, timeEmbedding, type EncoderPass } from './encoder2d.js';
import { groupNorm } from './group-norm.js';
import type { ParameterLayout } from './parameter-layout.js';
import { unet2dLayout } from './unet2d-layout.js';
import { unet2dStructure, type UNet2DStructure } from './unet2d-structure.js';
import { Weights } from './weights.js';

/** A network as a pure function of its parameters. */
export interface UNet2D {
  readonly config: UNet2DConfig;
  readonly layout: ParameterLayout;
  /**
   * The raw output of the network, [B, H, W, out_channels]; the caller disposes of it, nothing else is left behind.
   *
   * @param parameters tensors of `layout`, as `splitParameters` gives them
   * @param x [B, H, W, in_channels], height and width divisible by 2^(levels−1)
   * @param t [B], times in the units of training: 0 … num_train_timesteps−1
   * @param labels [B] int32, 0 … num_class_embeds−1; with `class_embed_type` `timestep` [B], as t, and with `identity` [B, E], added to the embedding as
   * they are; for an unconditional network none
   * @throws LangevinError `invalid_argument` when a shape does not fit, or labels are missing or superfluous
   */
  apply(parameters: readonly tf.Tensor[], x: tf.Tensor4D, t: tf.Tensor1D, labels?: tf.Tensor1D | tf.Tensor2D): tf.Tensor4D;
}

/**
 * The U-Net of DDPM (Ho et al. 2020, appendix B) with the options of improved DDPM and ADM (Nichol & Dhariwal 2021; Dhariwal & Nichol 2021, §3),
 * optionally class-conditional, that diffusers' `UNet2DModel` builds from the same configuration: same parameters, same output.
 *
 * @param config a configuration that passed `parseUNet2DConfig`
 * @param options what changes memory, time and rounding, and no more
 * @throws LangevinError `invalid_spec` for a configuration that cannot be built
 */
export function unet2d(config: UNet2DConfig, options: NetworkOptions = {}): UNet2D {
  const structure = unet2dStructure(config);
  const layout = unet2dLayout(config);
  return {
    config,
    layout,
    apply: (parameters, x, t, labels) => {
      checkInputs(config, structure.blocks.embeddingDim, x, t, labels);
      return tf.tidy(() => {
        const weights = Weights.of(layout, parameters);
        return forward(weights, encoderPass(config, structure, weights, embedding(config, weights, t, labels, options), options), structure, x);
      });
    },
  };
}

function forward(weights: Weights, { context, block, resample, encode }: EncoderPass, structure: UNet2DStructure, x: tf.Tensor4D): tf.Tensor4D {
  const { hidden: middle, skips } = encode(x);
  let hidden = middle;
  for (const level of structure.up) {
    level.resnets.forEach((_, i) => (hidden = block([hidden, skips.pop()!], level, i)));
    if (level.resample) hidden = resample(hidden, level.resample);
  }
  const normal = groupNorm(hidden, { ...context, scale: weights.vector('conv_norm_out.weight'), offset: weights.vector('conv_norm_out.bias'), activate: true });
  return context.products.convolve(normal, weights.filter('conv_out.weight'), weights.vector('conv_out.bias'));
}

/** Embedding of time, plus that of the class, or of what stands in its place: [B, E]. */
function embedding(config: UNet2DConfig, weights: Weights, t: tf.Tensor1D, labels: tf.Tensor1D | tf.Tensor2D | undefined, options: NetworkOptions): tf.Tensor2D {
  const time = timeEmbedding(config, weights, t, options);
  if (labels === undefined) return time;
  return tf.add(time, classEmbedding(config, weights, labels, options));
}

function classEmbedding(config: UNet2DConfig, weights: Weights, labels: tf.Tensor1D | tf.Tensor2D, options: NetworkOptions): tf.Tensor2D {
  if (config.class_embed_type === 'identity') return labels as tf.Tensor2D; // Its shape was checked.
  if (config.class_embed_type === 'timestep') return timeEmbedding(config, weights, labels as tf.Tensor1D, options, 'class_embedding');
  // A matmul with one-hot rows, exact in every precision: the gradient of gather is a scatter, which not every backend has.
  // Integers first: the WebAssembly backend's oneHot of floats is wrong.
  const oneHot = tf.cast<tf.Tensor2D>(tf.oneHot(labels as tf.Tensor1D, config.num_class_embeds!) as tf.Tensor2D, 'float32'); // The types of tfjs forget the rank.
  return tf.matMul(oneHot, weights.matrix('class_embedding.weight'));
}

function checkInputs(config: UNet2DConfig, embeddingDim: number, x: tf.Tensor4D, t: tf.Tensor1D, labels: tf.Tensor1D | tf.Tensor2D | undefined): void {
  const misfit = encoderMisfit(config, x, t) ?? labelMisfit(config, embeddingDim, x, labels);
  if (misfit !== undefined) throw new LangevinError('invalid_argument', `unet2d: ${misfit}`);
}

/** What does not fit in the labels, in words; undefined when all does. */
function labelMisfit(config: UNet2DConfig, embeddingDim: number, x: tf.Tensor4D, labels: tf.Tensor1D | tf.Tensor2D | undefined): string | undefined {
  const { num_class_embeds: classes, class_embed_type: kind } = config;
  if (classes === undefined && !kind) return labels && 'labels were given, but the network is unconditional (num_class_embeds is not set)';
  const wanted = kind ? `class_embed_type is ${kind}` : `the network has ${classes} classes (the last is the null label)`;
  if (labels === undefined) return `labels are missing: ${wanted}`;
  const shape = kind === 'identity' ? [x.shape[0], embeddingDim] : [x.shape[0]];
  if (labels.shape[0] !== shape[0]) return `labels has ${labels.shape[0]} entries, x has ${x.shape[0]} images`;
  return String(labels.shape) === String(shape) ? undefined : `labels have shape [${labels.shape}] instead of [${shape}]: ${wanted}`;
}
