import * as tf from '@tensorflow/tfjs-core';
import type { Products } from './products.js';
import { softmax } from './softmax.js';
import type { Weights } from './weights.js';

/**
 * Attention pooling of CLIP (Radford et al. 2021, §2.4; `AttentionPool2d` there and in guided-diffusion), for x
 * [B, H, W, C]: the mean of all pixels is a token beside them, every token has a learned position, and the mean asks all
 * of them. [B, classes], a new tensor.
 *
 * Weights, with CLIP's names: positional_embedding [H·W + 1, C], q_proj, k_proj, v_proj, c_proj [C, classes].
 *
 * @param headDim channels of one head; divides C
 */
export function attentionPool(x: tf.Tensor4D, weights: Weights, headDim: number, products: Products): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape;
  const heads = channels / headDim;
  const tokens = height * width + 1;
  const linear = (input: tf.Tensor2D, name: string) =>
    tf.add<tf.Tensor2D>(products.matMul(input, weights.matrix(`${name}.weight`)), weights.vector(`${name}.bias`));
  const positions = weights.matrix('positional_embedding');
  const pixels = tf.reshape<tf.Rank.R3>(x, [batch, tokens - 1, channels]);
  const mean = tf.mean<tf.Tensor3D>(pixels, 1, true);
  const all = tf.reshape<tf.Rank.R2>(tf.add(tf.concat3d([mean, pixels], 1), positions), [batch * tokens, channels]);
  // Only the mean asks: the first row of what full self-attention would give, at a fraction of its cost.
  const asking = tf.add<tf.Tensor2D>(tf.reshape(mean, [batch, channels]), tf.slice(positions, [0, 0], [1, channels]));
  const query = tf.reshape(tf.mul(linear(asking, 'q_proj'), 1 / Math.sqrt(headDim)), [batch, heads, 1, headDim]);
  const split = (name: string) => tf.transpose(tf.reshape(linear(all, name), [batch, tokens, heads, headDim]), [0, 2, 1, 3]);
  const attention = softmax(products.matMul(query, split('k_proj'), false, true));
  const pooled = tf.reshape<tf.Rank.R2>(products.matMul(attention, split('v_proj')), [batch, channels]);
  return linear(pooled, 'c_proj');
}
