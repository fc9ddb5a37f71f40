import * as tf from '@tensorflow/tfjs-core';
import type { ClassifierJobSpec } from '@langevin/contracts';
import { classifier2d, labelLogProbability, splitParameters, type LogLikelihood } from '@langevin/diffusion-core';
import { classifierCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';

/** A classifier that was trained on noisy images, ready to guide. It holds tensors until `dispose`. */
export interface NoisyClassifier {
  /** Whose weights these are. */
  readonly checkpoint: CheckpointWeights<ClassifierJobSpec>;
  /**
   * ln p(label | x_t) of each image of a batch.
   * @param labels [B] int32; kept, and must outlive the returned function
   */
  logLikelihood(labels: tf.Tensor1D): LogLikelihood;
  /** Frees the weights; the classifier is of no use afterwards. */
  dispose(): void;
}

/**
 * A classifier from its weights, on the tensor backend that is active.
 * @throws LangevinError `invalid_argument` for the checkpoint of a denoiser
 */
export function noisyClassifier(weights: CheckpointWeights): NoisyClassifier {
  const checkpoint = classifierCheckpoint(weights);
  const network = classifier2d(checkpoint.spec.model);
  const parameters = tf.tidy(() => splitParameters(tf.tensor1d(checkpoint.parameters), network.layout));
  return {
    checkpoint,
    // The samplers know tensors of any rank; these began as images.
    logLikelihood: (labels) => (x, t) => tf.tidy(() => labelLogProbability(network.logits(parameters, x as tf.Tensor4D, t), labels)),
    dispose: () => tf.dispose(parameters),
  };
}
