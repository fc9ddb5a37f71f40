import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '@langevin/contracts';
import type { EncoderStructure, LevelStructure } from './encoder2d-structure.js';
import { encoderBlock, type NetworkOptions } from './encoder-block.js';
import { GroupAverages } from './group-averages.js';
import { productsIn } from './products.js';
import type { ResidualContext } from './residual-block.js';
import { silu } from './silu.js';
import { timestepEmbedding } from './timestep-embedding.js';
import type { Weights } from './weights.js';

/** The residual blocks of one forward pass: what they share, and how they are called. */
export interface EncoderPass {
  readonly context: ResidualContext;
  /** Residual block i of a level, with its attention if the level has any, of images that are joined along their channels. */
  block(images: readonly tf.Tensor4D[], level: LevelStructure, i: number): tf.Tensor4D;
  /** Down and through the middle. */
  encode(x: tf.Tensor4D): Encoded;
}

/** What an encoder makes of its input. */
export interface Encoded {
  /** Output of the middle block. */
  readonly hidden: tf.Tensor4D;
  /** Output of every block on the way down, for skip connections; the last one comes last. */
  readonly skips: tf.Tensor4D[];
}

/**
 * Prepares one forward pass. Must run, with all that follows, inside a `tf.tidy`.
 * @param embedding embedding of time, and of whatever else the blocks are told, [B, E]
 */
export function encoderPass(config: EncoderConfig, structure: EncoderStructure, weights: Weights, embedding: tf.Tensor2D, options: NetworkOptions = {}): EncoderPass {
  const context: ResidualContext = {
    activeEmbedding: silu(embedding),
    groups: config.norm_num_groups,
    epsilon: config.norm_eps,
    averages: new GroupAverages(),
    products: productsIn(options.precision),
  };
  const compute = encoderBlock(config, weights, context, options);
  const block: EncoderPass['block'] = (images, { name, attention }, i) =>
    compute(images, attention ? [`${name}.resnets.${i}`, `${name}.attentions.${i}`] : [`${name}.resnets.${i}`]);
  const encode: EncoderPass['encode'] = (x) => {
    let hidden = context.products.convolve(x, weights.filter('conv_in.weight'), weights.vector('conv_in.bias'));
    const skips = [hidden];
    for (const level of structure.down) {
      level.resnets.forEach((_, i) => skips.push((hidden = block([hidden], level, i))));
      if (level.resample) {
        const conv = weights.in(`${level.name}.downsamplers.0.conv`);
        skips.push((hidden = context.products.convolveDown(hidden, conv.filter('weight'), conv.vector('bias'))));
      }
    }
    hidden = compute([hidden], ['mid_block.resnets.0', 'mid_block.attentions.0']);
    hidden = compute([hidden], ['mid_block.resnets.1']);
    return { hidden, skips };
  };
  return { context, block, encode };
}

/** Embedding of time [B, E]: sinusoids, then two linear layers (Ho et al. 2020, appendix B). */
export function timeEmbedding(config: EncoderConfig, weights: Weights, t: tf.Tensor1D, { precision }: NetworkOptions = {}): tf.Tensor2D {
  const products = productsIn(precision);
  const linear = (input: tf.Tensor2D, name: string) =>
    tf.add<tf.Tensor2D>(products.matMul(input, weights.matrix(`${name}.weight`)), weights.vector(`${name}.bias`));
  const options = { flipSinToCos: config.flip_sin_to_cos, freqShift: config.freq_shift };
  const sinusoids = timestepEmbedding(t, config.block_out_channels[0]!, options);
  return linear(silu(linear(sinusoids, 'time_embedding.linear_1')), 'time_embedding.linear_2');
}

/** What in x [B, H, W, C] and t [B] does not fit an encoder, in words; undefined when all does. */
export function encoderMisfit(config: EncoderConfig, x: tf.Tensor4D, t: tf.Tensor1D): string | undefined {
  const [batch, height, width, channels] = x.shape;
  const factor = 2 ** (config.block_out_channels.length - 1);
  if (channels !== config.in_channels) return `x has ${channels} channels, in_channels is ${config.in_channels}`;
  if (height % factor !== 0 || width % factor !== 0) return `x is ${height}×${width}, both must be divisible by ${factor}`;
  if (t.shape[0] !== batch) return `t has ${t.shape[0]} entries, x has ${batch} images`;
  return undefined;
}
