import * as tf from '@tensorflow/tfjs-core';
import { groupNorm } from './group-norm.js';
import type { ResidualContext } from './residual-block.js';
import { softmax } from './softmax.js';
import type { Weights } from './weights.js';

/** Shape of an attention layer, beside its weights. */
export interface SelfAttentionOptions {
  /** Channels of one head; divides C. */
  readonly headDim: number;
  readonly groups: number;
  readonly epsilon: number;
  /** The sum with x is divided by it. @default 1 */
  readonly outputScale?: number;
}

/**
 * x + multi-head self-attention over the pixels of groupNorm(x), for x [B, H, W, C] (Ho et al. 2020, with the heads of
 * Vaswani et al. 2017). Weights: group_norm, to_q, to_k, to_v, to_out.0; without group_norm x is not normalised.
 */
export function selfAttention(x: tf.Tensor4D, weights: Weights, options: SelfAttentionOptions, { averages, products }: Pick<ResidualContext, 'averages' | 'products'>): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const pixels = height * width;
  const { headDim, groups, epsilon, outputScale = 1 } = options;
  const normal = weights.has('group_norm.weight')
    ? groupNorm(x, { scale: weights.vector('group_norm.weight'), offset: weights.vector('group_norm.bias'), groups, epsilon, activate: false, averages })
    : x;
  const rows = tf.reshape<tf.Rank.R2>(normal, [batch * pixels, channels]);
  const project = (name: string, input: tf.Tensor2D) =>
    tf.add<tf.Tensor2D>(products.matMul(input, weights.matrix(`${name}.weight`)), weights.vector(`${name}.bias`));
  // [B·HW, C] → [B, heads, HW, headDim]
  const heads = (rowsOfHeads: tf.Tensor2D) =>
    tf.transpose(tf.reshape(rowsOfHeads, [batch, pixels, channels / headDim, headDim]), [0, 2, 1, 3]);

  const query = heads(tf.mul<tf.Tensor2D>(project('to_q', rows), 1 / Math.sqrt(headDim)));
  const attention = softmax(products.matMul(query, heads(project('to_k', rows)), false, true));
  const mixed = products.matMul(attention, heads(project('to_v', rows)));
  const joined = tf.reshape<tf.Rank.R2>(tf.transpose(mixed, [0, 2, 1, 3]), [batch * pixels, channels]);
  const sum = tf.add<tf.Tensor4D>(x, tf.reshape(project('to_out.0', joined), [batch, height, width, channels]));
  return outputScale === 1 ? sum : tf.div(sum, outputScale);
}
