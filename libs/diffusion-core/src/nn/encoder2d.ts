import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig } from '@langevin/contracts';
import type { EncoderStructure, LevelStructure, Resample } from './encoder2d-structure.js';
import { encoderBlock, type BlockModules, type NetworkOptions } from './encoder-block.js';
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
  /** At half the resolution, or at twice it. */
  resample(image: tf.Tensor4D, how: Resample): tf.Tensor4D;
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
    timeScaleShift: structure.blocks.timeScaleShift,
    averages: new GroupAverages(),
    products: productsIn(options.precision),
  };
  const compute = encoderBlock(config, weights, context, options);
  const block: EncoderPass['block'] = (images, { name, attention }, i) =>
    compute(images, { resnet: `${name}.resnets.${i}`, attention: attention ? `${name}.attentions.${i}` : undefined });
  const resample: EncoderPass['resample'] = (image, { name, by, to }) => {
    if (by === 'resnet') return compute([image], { resnet: name, resample: to });
    const conv = weights.in(`${name}.conv`);
    if (to === 'up') return context.products.convolveUp(image, conv.filter('weight'), conv.vector('bias'));
    return context.products.convolveDown(image, conv.filter('weight'), conv.vector('bias'), config.downsample_padding === 0 ? 'behind' : 'around');
  };
  const encode: EncoderPass['encode'] = (x) => {
    const seen = config.center_input_sample ? tf.sub<tf.Tensor4D>(tf.mul(x, 2), 1) : x;
    let hidden = context.products.convolve(seen, weights.filter('conv_in.weight'), weights.vector('conv_in.bias'));
    const skips = [hidden];
    for (const level of structure.down) {
      level.resnets.forEach((_, i) => skips.push((hidden = block([hidden], level, i))));
      if (level.resample) skips.push((hidden = resample(hidden, level.resample)));
    }
    for (const modules of middleModules(config, structure)) hidden = compute([hidden], modules);
    return { hidden, skips };
  };
  return { context, block, resample, encode };
}

/** Two residual blocks, with attention behind the first one if there is any. */
function middleModules({ mid_block_scale_factor: outputScale = 1 }: EncoderConfig, { midAttention }: EncoderStructure): BlockModules[] {
  const groups = midAttention?.groups;
  const attention = midAttention && { attention: 'mid_block.attentions.0', attentionGroups: groups === 'none' ? undefined : groups };
  return [{ resnet: 'mid_block.resnets.0', outputScale, ...attention }, { resnet: 'mid_block.resnets.1', outputScale }];
}

/**
 * Embedding of time [B, E]: sinusoids, then two linear layers (Ho et al. 2020, appendix B).
 * @param module name of the layers
 */
export function timeEmbedding(config: EncoderConfig, weights: Weights, t: tf.Tensor1D, { precision }: NetworkOptions = {}, module = 'time_embedding'): tf.Tensor2D {
  const products = productsIn(precision);
  const linear = (input: tf.Tensor2D, name: string) =>
    tf.add<tf.Tensor2D>(products.matMul(input, weights.matrix(`${name}.weight`)), weights.vector(`${name}.bias`));
  const options = { flipSinToCos: config.flip_sin_to_cos, freqShift: config.freq_shift };
  const sinusoids = timestepEmbedding(t, config.block_out_channels[0]!, options);
  return linear(silu(linear(sinusoids, `${module}.linear_1`)), `${module}.linear_2`);
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
