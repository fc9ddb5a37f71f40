import { imageChannels, LangevinError, type DenoiserJobSpec } from '@langevin/contracts';
import type { DdpmProcess } from '@langevin/diffusion-core';
import { denoiserCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { drawSamples } from './draw-samples.js';
import { modelDenoiser, type ModelDenoiser, type ModelDenoiserOptions } from './model-denoiser.js';
import { plannedModel } from './planned-model.js';
import { compileSampleOptions, type SampleOptions } from './sample-options.js';
import type { Samples } from './samples.js';
import { samplingPlan } from './sampling-plan.js';

/** A trained model, ready to draw. It holds tensors until `dispose`. */
export interface DiffusionModel {
  /** Whose weights these are. */
  readonly checkpoint: CheckpointWeights<DenoiserJobSpec>;
  /**
   * Draws images. On one backend, with one number of threads and one `batchSize`, equal options give equal bits. The noise
   * of an image does not depend on how the call is cut into batches; what another `batchSize` or backend changes is how
   * float32 sums are rounded, which seldom shows in a pixel.
   *
   * @throws LangevinError `invalid_argument` for options that do not fit the model, and for one that refines images: see `denoiser`; `schedule_mismatch` for a classifier
   * of another noise schedule; `cancelled`; `non_finite`
   */
  sample(options?: SampleOptions): Promise<Samples>;
  /** The forward process that the model was trained on. */
  readonly process: DdpmProcess;
  /** Height, width, channels of an image. */
  readonly imageShape: readonly [number, number, number];
  /**
   * The model as a denoiser E[x₀ | x_t], compiled: for the samplers, likelihoods and tasks of `@langevin/diffusion-core`.
   * @throws LangevinError `invalid_argument`, `schedule_mismatch` as `sample`
   */
  denoiser(options?: ModelDenoiserOptions): ModelDenoiser;
  /** Frees the weights; the model is of no use afterwards. */
  dispose(): void;
}

/**
 * A model from its weights, on the tensor backend that is active.
 * @throws LangevinError `invalid_argument` for the checkpoint of a classifier
 */
export function diffusionModel(weights: CheckpointWeights): DiffusionModel {
  const checkpoint = denoiserCheckpoint(weights);
  const { model, dispose } = plannedModel(checkpoint.spec, checkpoint.parameters);
  const { sample_size: size, low_resolution: low } = checkpoint.spec.model;
  return {
    checkpoint,
    process: model.process,
    imageShape: [size, size, imageChannels(checkpoint.spec.model)],
    denoiser: (options) => modelDenoiser(model, checkpoint.spec, options),
    async sample(given = {}) {
      if (low) throw new LangevinError('invalid_argument', `the model refines images of low resolution, by a factor of ${low.factor}: give them to its denoiser`);
      const options = compileSampleOptions(given, checkpoint.spec);
      using plan = samplingPlan(model, options);
      return await drawSamples(plan, options, given);
    },
    dispose,
  };
}
