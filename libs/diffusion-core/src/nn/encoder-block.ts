import * as tf from '@tensorflow/tfjs-core';
import type { EncoderConfig, Precision } from '@langevin/contracts';
import { checkpointed } from './checkpointed.js';
import { headChannels } from './encoder2d-structure.js';
import { GroupAverages } from './group-averages.js';
import { residualBlock, type ResidualBlockOptions, type ResidualContext } from './residual-block.js';
import { selfAttention } from './self-attention.js';
import type { Weights } from './weights.js';

/** How a network computes what its configuration says. */
export interface NetworkOptions {
  /** The gradient computes each residual block, with its attention, once more: less memory, more time. @default false */
  readonly gradientCheckpointing?: boolean;
  /** That of convolutions and matrix products. @default 'fp32' */
  readonly precision?: Precision | undefined;
}

/** The modules that make up a block: a residual block, and the attention behind it if there is any. */
export interface BlockModules extends ResidualBlockOptions {
  /** Name of the residual block. */
  readonly resnet: string;
  /** Name of the attention. */
  readonly attention?: string | undefined;
  /** Groups of the attention's normalisation. @default those of the residual blocks */
  readonly attentionGroups?: number | undefined;
}

/** Computes a block from images that are joined along their channels. */
export type EncoderBlock = (images: readonly tf.Tensor4D[], modules: BlockModules) => tf.Tensor4D;

/** The blocks of one forward pass. */
export function encoderBlock(config: EncoderConfig, weights: Weights, context: ResidualContext, { gradientCheckpointing = false }: NetworkOptions): EncoderBlock {
  if (!gradientCheckpointing) return (images, modules) => computeBlock(config, images, modules, weights, context);
  return (images, modules) => {
    const own = weights.only([modules.resnet, modules.attention]);
    return checkpointed(images, [context.activeEmbedding, ...own.tensors], (given, [activeEmbedding, ...tensors]) =>
      // The first of the other tensors is the embedding, as above. What the pass shares does not outlive a block that comes a second time.
      computeBlock(config, given, modules, own.holding(tensors), { ...context, activeEmbedding: activeEmbedding as tf.Tensor2D, averages: new GroupAverages() }),
    );
  };
}

function computeBlock(config: EncoderConfig, images: readonly tf.Tensor4D[], modules: BlockModules, weights: Weights, context: ResidualContext): tf.Tensor4D {
  const { resnet, attention, attentionGroups, outputScale = 1 } = modules;
  const [first] = images;
  const joined = images.length === 1 && first ? first : tf.concat4d([...images], 3);
  const output = residualBlock(joined, weights.in(resnet), context, modules);
  if (attention === undefined) return output;
  const layer = { headDim: headChannels(config, output.shape[3]), groups: attentionGroups ?? context.groups, epsilon: context.epsilon, outputScale };
  return selfAttention(output, weights.in(attention), layer, context);
}
