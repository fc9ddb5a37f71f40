import * as tf from '@tensorflow/tfjs-core';
import { classifierFreeBatched, classifierGuidance, staticThreshold, type Denoiser } from '@langevin/diffusion-core';
import type { Conditions } from './compiled-denoisers.js';
import type { CompiledSampleOptions } from './sample-options.js';
import type { PlannedModel } from './sampling-plan.js';

/** What is known of the images of a batch; labels are [B] int32. */
export type BatchLabels = {
  /** What the network is told. */
  readonly told?: tf.Tensor1D;
  /** What a classifier guides to. */
  readonly wanted?: tf.Tensor1D;
  /** Images that a network for super-resolution is told of, [B, h, w, C]. */
  readonly lowResolution?: tf.Tensor4D;
} & Conditions;

/** From the inside out: classifier-free guidance, the classifier's gradient, the threshold. */
export function guidedDenoiser({ config, process, denoise }: PlannedModel, options: CompiledSampleOptions, { told, wanted, lowResolution }: BatchLabels): Denoiser {
  const nullLabel = (config.num_class_embeds ?? 0) - 1;
  // Classifier-free guidance asks of every image twice at the same time.
  const coarse = (count: number) => lowResolution && (count === lowResolution.shape[0] ? lowResolution : tf.concat4d([lowResolution, lowResolution], 0));
  const free =
    told === undefined
      ? denoise(undefined, lowResolution)
      : classifierFreeBatched((x, t, asked) => denoise(asked, coarse(t.shape[0]))(x, t), told, nullLabel, options.guidanceScale);
  const logLikelihood = wanted && options.classifier?.logLikelihood(wanted);
  const guided = logLikelihood && options.guidanceForm === 'score' ? classifierGuidance(logLikelihood, process, options.classifierScale)(free) : free;
  return options.clipSample ? staticThreshold(1)(guided) : guided;
}
