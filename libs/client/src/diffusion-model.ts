import * as tf from '@tensorflow/tfjs-core';
import { classifierFreeBatched, ddim, ddpmAncestral, ddpmProcess, splitParameters, staticThreshold, timestepGrid, toDenoiser, unet2d } from '@langevin/diffusion-core';
import type { Denoiser } from '@langevin/diffusion-core';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { drawSamples, type SamplingPlan } from './draw-samples.js';
import { compileSampleOptions, type CompiledSampleOptions, type SampleOptions } from './sample-options.js';
import type { Samples } from './samples.js';

/** A trained model, ready to draw. It holds tensors until `dispose`. */
export interface DiffusionModel {
  /** Whose weights these are. */
  readonly checkpoint: CheckpointWeights;
  /**
   * Draws images. On one backend, with one number of threads and one `batchSize`, equal options give equal bits. The noise
   * of an image does not depend on how the call is cut into batches; what another `batchSize` or backend changes is how
   * float32 sums are rounded, which seldom shows in a pixel.
   *
   * @throws LangevinError `invalid_argument` for options that do not fit the model; `cancelled`; `non_finite`
   */
  sample(options?: SampleOptions): Promise<Samples>;
  /** Frees the weights; the model is of no use afterwards. */
  dispose(): void;
}

/** A model from its weights, on the tensor backend that is active. */
export function diffusionModel(checkpoint: CheckpointWeights): DiffusionModel {
  const network = unet2d(checkpoint.spec.model);
  const parameters = tf.tidy(() => splitParameters(tf.tensor1d(checkpoint.parameters), network.layout));
  const { prediction_type: predictionType } = checkpoint.spec.process;
  const process = ddpmProcess(checkpoint.spec.process);
  const denoise = (labels?: tf.Tensor1D): Denoiser =>
    // The samplers know tensors of any rank; these began as images.
    toDenoiser((x, t) => network.apply(parameters, x as tf.Tensor4D, t, labels), process, predictionType);
  return {
    checkpoint,
    async sample(given = {}) {
      const options = compileSampleOptions(given, checkpoint.spec);
      return drawSamples(samplingPlan(checkpoint, process, denoise, options), options, given);
    },
    dispose: () => tf.dispose(parameters),
  };
}

function samplingPlan(
  { spec: { model } }: CheckpointWeights,
  process: ReturnType<typeof ddpmProcess>,
  denoise: (labels?: tf.Tensor1D) => Denoiser,
  options: CompiledSampleOptions,
): SamplingPlan {
  const nullLabel = (model.num_class_embeds ?? 0) - 1;
  return {
    imageShape: [model.sample_size, model.sample_size, model.in_channels],
    // Not `trailing`: at the last time of a cosine schedule α is about 5e-5, and x̂₀ = (x − σε̂)/α is error alone.
    grid: timestepGrid(options.steps, 'leading', { numTrainTimesteps: process.numTrainTimesteps }),
    priorDeviation: process.prior.standardDeviation,
    denoiser(labels) {
      const guided =
        labels === undefined ? denoise() : classifierFreeBatched((x, t, asked) => denoise(asked)(x, t), labels, nullLabel, options.guidanceScale);
      return options.clipSample ? staticThreshold(1)(guided) : guided;
    },
    reverseStep: (denoiser, step, x, noise) =>
      options.sampler === 'ddim' ? ddim(denoiser, process, [step], x) : ddpmAncestral(denoiser, process, [step], x, { noise }),
  };
}
