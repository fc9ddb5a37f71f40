import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig, Precision } from '@langevin/contracts';
import { checkpointed } from './checkpointed.js';
import { GroupAverages } from './group-averages.js';
import { residualBlock, type ResidualContext } from './residual-block.js';
import { selfAttention } from './self-attention.js';
import type { Weights } from './weights.js';

/** How a network computes what its configuration says. */
export interface NetworkOptions {
  /** The gradient computes each residual block, with its attention, once more: less memory, more time. @default false */
  readonly gradientCheckpointing?: boolean;
  /** That of convolutions and matrix products. @default 'fp32' */
  readonly precision?: Precision | undefined;
}

/** Names of the modules that make up a block: a residual block, and the attention behind it if there is any. */
export type BlockModules = readonly [resnet: string, attention?: string];

/** Computes a block from images that are joined along their channels. */
export type EncoderBlock = (images: readonly tf.Tensor4D[], modules: BlockModules) => tf.Tensor4D;

/** The blocks of one forward pass. */
export function encoderBlock(config: EncoderConfig, weights: Weights, context: ResidualContext, { gradientCheckpointing = false }: NetworkOptions): EncoderBlock {
  if (!gradientCheckpointing) return (images, modules) => computeBlock(config, images, modules, weights, context);
  return (images, modules) => {
    const own = weights.only(modules);
    return checkpointed(images, [context.activeEmbedding, ...own.tensors], (given, [activeEmbedding, ...tensors]) =>
      // The first of the other tensors is the embedding, as above. What the pass shares does not outlive a block that comes a second time.
      computeBlock(config, given, modules, own.holding(tensors), { ...context, activeEmbedding: activeEmbedding as tf.Tensor2D, averages: new GroupAverages() }),
    );
  };
}

function computeBlock(config: EncoderConfig, images: readonly tf.Tensor4D[], [resnet, attention]: BlockModules, weights: Weights, context: ResidualContext): tf.Tensor4D {
  const { groups, epsilon } = context;
  const [first] = images;
  const joined = images.length === 1 && first ? first : tf.concat4d([...images], 3);
  const output = residualBlock(joined, weights.in(resnet), context);
  return attention === undefined ? output : selfAttention(output, weights.in(attention), { headDim: config.attention_head_dim, groups, epsilon }, context);
}
