import * as tf from '@tensorflow/tfjs-core';
import type { LeafBatch } from '../leaf-batch.js';
import { normalTensor } from './directional-derivative.js';

/** Three images for the tiny networks, at early, middle and late times; the last one counts nothing. */
export const batch: LeafBatch = {
  x0: normalTensor<tf.Rank.R4>([3, 4, 4, 1], 72),
  eps: normalTensor<tf.Rank.R4>([3, 4, 4, 1], 73),
  t: tf.tensor1d([5, 400, 900]),
  alpha: tf.tensor1d([0.9, 0.6, 0.2]),
  sigma: tf.tensor1d([Math.sqrt(0.19), 0.8, Math.sqrt(0.96)]),
  labels: tf.tensor1d([0, 1, 2], 'int32'),
  weights: tf.tensor1d([1, 2, 0]),
};
