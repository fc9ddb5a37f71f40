import * as tf from '@tensorflow/tfjs-core';
import type { GroupAverages } from './group-averages.js';
import { groupNorm } from './group-norm.js';
import type { Products } from './products.js';
import { doubled, halved } from './resolution.js';
import { silu } from './silu.js';
import type { Weights } from './weights.js';

/** What the residual blocks of one forward pass share. */
export interface ResidualContext {
  /** SiLU of the embedding of time and class, [B, E]. */
  readonly activeEmbedding: tf.Tensor2D;
  readonly groups: number;
  readonly epsilon: number;
  /** The embedding scales and shifts norm2 instead of being added before it. */
  readonly timeScaleShift: boolean;
  readonly averages: GroupAverages;
  readonly products: Products;
}

/** What tells a residual block from others, beside its weights. */
export interface ResidualBlockOptions {
  /** The block halves or doubles height and width. @default neither */
  readonly resample?: 'down' | 'up' | undefined;
  /** The sum with the shortcut is divided by it. @default 1 */
  readonly outputScale?: number;
}

/**
 * Residual block of diffusers (`ResnetBlock2D`): norm1, SiLU, conv1, + time, norm2, SiLU, conv2, + shortcut, for x [B, H, W, C]. With
 * `timeScaleShift` the time enters as norm2·(1 + scale) + shift instead (Dhariwal & Nichol 2021, §3, "adaptive group normalization"). One that
 * resamples does so to the shortcut, and before conv1 (Brock et al. 2019, BigGAN, figure 15).
 *
 * Biases are gathered so that no image-sized tensor is read only to add one: those of conv1 and of the time embedding go into norm2, those of
 * conv2 and of the shortcut are added together.
 */
export function residualBlock(x: tf.Tensor4D, weights: Weights, context: ResidualContext, { resample, outputScale = 1 }: ResidualBlockOptions = {}): tf.Tensor4D {
  const { products } = context;
  const normal = normalisedByTime(firstHalf(x, weights, context, resample), weights, context);
  const straight = resampled(x, resample);
  const sum = weights.has('conv_shortcut.weight')
    ? withShortcut(straight, normal, weights, products)
    : tf.add<tf.Tensor4D>(straight, products.convolve(normal, weights.filter('conv2.weight'), weights.vector('conv2.bias')));
  return outputScale === 1 ? sum : tf.div(sum, outputScale);
}

/** norm1, SiLU, resampling, conv1; the bias of conv1 is added where the time is. */
function firstHalf(x: tf.Tensor4D, weights: Weights, context: ResidualContext, resample: 'down' | 'up' | undefined): tf.Tensor4D {
  const { products } = context;
  const active = groupNorm(x, { ...normalisation('norm1', weights, context), activate: true });
  const filter = weights.filter('conv1.weight');
  return resample === 'up' ? products.convolveUp(active, filter) : products.convolve(resampled(active, resample), filter);
}

/** Time, norm2 and SiLU, in the order of the block's kind. */
function normalisedByTime(hidden: tf.Tensor4D, weights: Weights, context: ResidualContext): tf.Tensor4D {
  const { activeEmbedding, products, timeScaleShift } = context;
  const batch = hidden.shape[0];
  const norm = normalisation('norm2', weights, context);
  const time = products.matMul(activeEmbedding, weights.matrix('time_emb_proj.weight'));
  if (!timeScaleShift) {
    const bias = tf.add(weights.vector('time_emb_proj.bias'), weights.vector('conv1.bias'));
    return groupNorm(hidden, { ...norm, activate: true, shift: tf.reshape<tf.Rank.R4>(tf.add(time, bias), [batch, 1, 1, -1]) });
  }
  const bias = tf.add(tf.zeros([batch, 1, 1, 1]), weights.vector('conv1.bias')) as tf.Tensor4D; // Broadcast to [B, 1, 1, C].
  const normal = groupNorm(hidden, { ...norm, activate: false, shift: bias });
  const channels = hidden.shape[3];
  const factors = tf.reshape<tf.Rank.R4>(tf.add(time, weights.vector('time_emb_proj.bias')), [batch, 1, 1, 2 * channels]);
  const [scale, shift] = tf.split(factors, 2, 3);
  return silu(tf.add(tf.mul(normal, tf.add(scale!, 1)), shift!));
}

function withShortcut(x: tf.Tensor4D, normal: tf.Tensor4D, weights: Weights, products: Products): tf.Tensor4D {
  const sharedBias = tf.add<tf.Tensor1D>(weights.vector('conv2.bias'), weights.vector('conv_shortcut.bias'));
  const shortcut = products.convolve(x, weights.filter('conv_shortcut.weight'), sharedBias);
  return tf.add(shortcut, products.convolve(normal, weights.filter('conv2.weight')));
}

function normalisation(name: string, weights: Weights, { groups, epsilon, averages }: ResidualContext) {
  return { scale: weights.vector(`${name}.weight`), offset: weights.vector(`${name}.bias`), groups, epsilon, averages };
}

function resampled(x: tf.Tensor4D, resample: 'down' | 'up' | undefined): tf.Tensor4D {
  if (resample === undefined) return x;
  return resample === 'down' ? halved(x) : doubled(x);
}
