import * as tf from '@tensorflow/tfjs-core';
import { imageChannels, LangevinError, type DenoiserJobSpec } from '@langevin/contracts';
import { besideLowResolution, ddimStep, ddpmProcess, meanOutput, splitParameters, toDenoiser, unet2d } from '@langevin/diffusion-core';
import { loadTensorFlow, toSavedModel, type TensorSpecs } from '@langevin/tf-runtime';
import { denoiserCheckpoint } from './checkpoint-kind.js';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { newDirectory } from './new-directory.js';

/** How a model is written as a SavedModel. */
export interface SavedModelExportOptions {
  /** Images of one call, 1 … 65536: the graph knows one number. @default 1 */
  readonly batchSize?: number;
}

/**
 * Writes a model as a TensorFlow SavedModel: `saved_model.pb`, weights included, and `assets.extra/langevin.json`, which says whose they are.
 * All of it is there or nothing. Starts the native tensor runtime. The weights are those of the checkpoint as it was read.
 *
 * The signature `sample_step`, also called `serving_default`, is one step of DDIM with η = 0. Inputs: `x` [B, H, W, C] float32; `t` [B] int32,
 * the times of x, 0 … T−1; `t_prev` [B] int32, the times to go to, −1 being clean; `labels` [B] int32 for a conditional model, whose last label
 * is the null label; `low_resolution` [B, h, w, C] for a model that refines images. Outputs, all shaped like x: `x_prev`; `x0`, the clean images that the network means; `prediction`, what it said.
 *
 * @param directory must be absent or empty; folders above it are created
 * @throws LangevinError `runtime_missing` without native TensorFlow; `invalid_argument` for a classifier or an impossible batch size;
 * `object_exists` when the directory holds something; `unsupported` for weights of 2 GiB; `storage_full`, `storage_failed`
 */
export async function exportSavedModel(checkpoint: CheckpointWeights, directory: string, { batchSize = 1 }: SavedModelExportOptions = {}): Promise<void> {
  const { spec, parameters, run, step, digest, weights } = denoiserCheckpoint(checkpoint);
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 65536) throw new LangevinError('invalid_argument', `batchSize ${batchSize} must be a whole number from 1 to 65536`);
  const { fast, why } = await loadTensorFlow();
  if (!fast) throw new LangevinError('runtime_missing', `a SavedModel is made by native TensorFlow alone: ${why ?? 'it is not there'}`);
  const { model, process } = spec;
  const facts = { format: 'langevin-saved-model', run, step, checkpoint: digest, weights, batchSize, model, process };
  await newDirectory(directory, () => [
    ['saved_model.pb', sampleStepModel(spec, parameters, batchSize)],
    ['assets.extra/langevin.json', `${JSON.stringify(facts, null, 2)}\n`],
  ]);
}

function sampleStepModel({ model: config, process: processConfig }: DenoiserJobSpec, parameters: Float32Array, batchSize: number): Uint8Array {
  const network = unet2d(config);
  const process = ddpmProcess(processConfig);
  const weights = tf.tidy(() => splitParameters(tf.tensor1d(parameters), network.layout));
  const times = { shape: [batchSize], dtype: 'int32' } as const;
  const { sample_size: size, low_resolution: low } = config;
  const channels = imageChannels(config);
  const images = { shape: [batchSize, size, size, channels] };
  const coarse = low && { low_resolution: { shape: [batchSize, size / low.factor, size / low.factor, channels] } };
  const inputs: TensorSpecs = { x: images, t: times, t_prev: times, ...(config.num_class_embeds !== undefined && { labels: times }), ...coarse };
  try {
    return toSavedModel(
      {
        sample_step: (given) => {
          // Which ranks they have is said above; a network without classes is given no labels.
          const { x, t, t_prev, labels, low_resolution } = given as { x: tf.Tensor4D; t: tf.Tensor1D; t_prev: tf.Tensor1D; labels?: tf.Tensor1D; low_resolution?: tf.Tensor4D };
          const prediction = meanOutput(config, network.apply(weights, besideLowResolution(config, x, low_resolution), t, labels));
          const x0 = toDenoiser(() => prediction, process, processConfig.prediction_type)(x, t) as tf.Tensor4D; // Shaped like x.
          return { results: { x_prev: ddimStep(process, x, x0, t, t_prev), x0, prediction } };
        },
      },
      { inputs: { sample_step: inputs }, captured: 'constant' },
    );
  } finally {
    tf.dispose(weights);
  }
}
