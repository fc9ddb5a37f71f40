import type * as tf from '@tensorflow/tfjs-core';
import { classifierFreeBatched, classifierGuidance, staticThreshold, type Denoiser } from '@langevin/diffusion-core';
import type { Conditions } from './compiled-denoisers.js';
import type { CompiledSampleOptions } from './sample-options.js';
import type { PlannedModel } from './sampling-plan.js';

/** The labels of a batch, [B] int32 each. */
export type BatchLabels = {
  /** What the network is told. */
  readonly told?: tf.Tensor1D;
  /** What a classifier guides to. */
  readonly wanted?: tf.Tensor1D;
} & Conditions;

/** From the inside out: classifier-free guidance, the classifier's gradient, the threshold. */
export function guidedDenoiser({ config, process, denoise }: PlannedModel, options: CompiledSampleOptions, { told, wanted }: BatchLabels): Denoiser {
  const nullLabel = (config.num_class_embeds ?? 0) - 1;
  const free = told === undefined ? denoise() : classifierFreeBatched((x, t, asked) => denoise(asked)(x, t), told, nullLabel, options.guidanceScale);
  const logLikelihood = wanted && options.classifier?.logLikelihood(wanted);
  const guided = logLikelihood && options.guidanceForm === 'score' ? classifierGuidance(logLikelihood, process, options.classifierScale)(free) : free;
  return options.clipSample ? staticThreshold(1)(guided) : guided;
}
