import * as tf from '@tensorflow/tfjs-core';
import type { GroupAverages } from './group-averages.js';
import { groupNorm } from './group-norm.js';
import type { Products } from './products.js';
import type { Weights } from './weights.js';

/** What the residual blocks of one forward pass share. */
export interface ResidualContext {
  /** SiLU of the embedding of time and class, [B, E]. */
  readonly activeEmbedding: tf.Tensor2D;
  readonly groups: number;
  readonly epsilon: number;
  readonly averages: GroupAverages;
  readonly products: Products;
}

/**
 * Residual block of diffusers (`ResnetBlock2D`, time_embedding_norm "default"): norm1, SiLU, conv1, + time, norm2, SiLU,
 * conv2, + shortcut, for x [B, H, W, C]. Biases are gathered so that no image-sized tensor is read only to add one:
 * those of conv1 and of the time embedding go into norm2, those of conv2 and of the shortcut are added together.
 */
export function residualBlock(x: tf.Tensor4D, weights: Weights, context: ResidualContext): tf.Tensor4D {
  const { groups, averages, epsilon, activeEmbedding, products } = context;
  const norm = (name: string) => ({
    scale: weights.vector(`${name}.weight`),
    offset: weights.vector(`${name}.bias`),
    groups,
    epsilon,
    averages,
    activate: true,
  });
  const hidden = products.convolve(groupNorm(x, norm('norm1')), weights.filter('conv1.weight'));
  const time = products.matMul(activeEmbedding, weights.matrix('time_emb_proj.weight'));
  const bias = tf.add(weights.vector('time_emb_proj.bias'), weights.vector('conv1.bias'));
  const shift = tf.reshape<tf.Rank.R4>(tf.add(time, bias), [x.shape[0], 1, 1, -1]);
  const normal = groupNorm(hidden, { ...norm('norm2'), shift });

  if (!weights.has('conv_shortcut.weight')) {
    return tf.add(x, products.convolve(normal, weights.filter('conv2.weight'), weights.vector('conv2.bias')));
  }
  const sharedBias = tf.add<tf.Tensor1D>(weights.vector('conv2.bias'), weights.vector('conv_shortcut.bias'));
  const shortcut = products.convolve(x, weights.filter('conv_shortcut.weight'), sharedBias);
  return tf.add(shortcut, products.convolve(normal, weights.filter('conv2.weight')));
}
