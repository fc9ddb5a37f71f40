import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { crossEntropy } from '../losses/index.js';
import type { Classifier2D } from './classifier2d.js';
import { noisyImages, type LeafBatch } from './leaf-batch.js';
import { lossGradient, type LeafGradient } from './loss-gradient.js';

/**
 * Gradient of the cross-entropy of a classifier that sees noisy images (Dhariwal & Nichol 2021, §4.3) over one
 * micro-batch; ℓ_i = −ln p(label_i | x_t, t) in nats. The caller owns the two tensors of the result; every intermediate
 * tensor is gone, `parameters` and `batch` stay.
 *
 * @param parameters tensors of `model.layout`, as `splitParameters` gives them
 * @param batch with labels
 * @throws LangevinError `invalid_argument` when shapes do not fit the model, or labels are missing
 */
export function classifierGradient(model: Classifier2D, parameters: readonly tf.Tensor[], batch: LeafBatch): LeafGradient {
  const { t, labels, weights } = batch;
  if (labels === undefined) throw new LangevinError('invalid_argument', 'classifier2d: labels are missing: there is nothing to learn');
  return tf.tidy(() => {
    const { x } = noisyImages(batch);
    return lossGradient(model.layout, parameters, () => crossEntropy(model.logits(parameters, x, t), labels, weights).lossSum);
  });
}
