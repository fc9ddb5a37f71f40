import type { DenoiserJobSpec } from '@langevin/contracts';
import { denoiserCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { drawSamples } from './draw-samples.js';
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
   * @throws LangevinError `invalid_argument` for options that do not fit the model; `schedule_mismatch` for a classifier
   * of another noise schedule; `cancelled`; `non_finite`
   */
  sample(options?: SampleOptions): Promise<Samples>;
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
  return {
    checkpoint,
    async sample(given = {}) {
      const options = compileSampleOptions(given, checkpoint.spec);
      using plan = samplingPlan(model, options);
      return await drawSamples(plan, options, given);
    },
    dispose,
  };
}
