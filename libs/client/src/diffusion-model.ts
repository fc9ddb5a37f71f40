import * as tf from '@tensorflow/tfjs-core';
import type { DenoiserJobSpec } from '@langevin/contracts';
import { ddpmProcess, splitParameters, toDenoiser, unet2d } from '@langevin/diffusion-core';
import { denoiserCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { drawSamples } from './draw-samples.js';
import { compileSampleOptions, type SampleOptions } from './sample-options.js';
import type { Samples } from './samples.js';
import { samplingPlan, type PlannedModel } from './sampling-plan.js';

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

/**
 * What a sampler needs of a denoiser with these weights; holds them as tensors until `dispose`.
 * @param parameters flat, in the order of the network's layout
 */
export function plannedModel(
  { model: config, process: processConfig }: Pick<DenoiserJobSpec, 'model' | 'process'>,
  parameters: Float32Array,
): { readonly model: PlannedModel; dispose(): void } {
  const network = unet2d(config);
  const weights = tf.tidy(() => splitParameters(tf.tensor1d(parameters), network.layout));
  const process = ddpmProcess(processConfig);
  return {
    model: {
      config,
      process,
      // The samplers know tensors of any rank; these began as images.
      denoise: (labels) => toDenoiser((x, t) => network.apply(weights, x as tf.Tensor4D, t, labels), process, processConfig.prediction_type),
    },
    dispose: () => tf.dispose(weights),
  };
}
