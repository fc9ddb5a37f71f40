import * as tf from '@tensorflow/tfjs-core';
import { jobImageChannels, type JobSpec } from '@langevin/contracts';
import { ddpmProcess, trainingNoise, type LeafBatch as DeviceBatch, type TrainingTask } from '@langevin/diffusion-core';
import type { LeafBatch } from './protocol.js';

/** α_t and σ_t of every training time, as float32. */
export interface NoiseLevels {
  readonly alpha: Float32Array;
  readonly sigma: Float32Array;
}

/** The noise levels of a job's forward process. */
export function noiseLevels(process: JobSpec['process']): NoiseLevels {
  const { numTrainTimesteps, alpha, sigma } = ddpmProcess(process);
  const times = Array.from({ length: numTrainTimesteps }, (_, t) => t);
  return { alpha: Float32Array.from(times, alpha), sigma: Float32Array.from(times, sigma) };
}

/**
 * A leaf as tensors, with its noise: time, ε and label dropout of each sample follow from (seed, step, slot). The caller
 * disposes of the tensors.
 */
export function deviceBatch(spec: JobSpec, task: Pick<TrainingTask, 'batchLabels'>, levels: NoiseLevels, step: number, leaf: LeafBatch): DeviceBatch {
  const { sample_size: size } = spec.model;
  const channels = jobImageChannels(spec);
  const count = leaf.labels.length;
  const pixels = leaf.images.length / count;
  const eps = new Float32Array(leaf.images.length);
  const noises = Array.from({ length: count }, (_, place) =>
    trainingNoise(
      { seed: spec.seed, step, sample: leaf.firstSlot + place },
      spec.process.num_train_timesteps,
      eps.subarray(place * pixels, (place + 1) * pixels),
    ),
  );
  const shape: [number, number, number, number] = [count, size, size, channels];
  const perSample = (values: ArrayLike<number>): tf.Tensor1D => tf.tensor1d(Float32Array.from(values));
  const batch = {
    x0: tf.tensor4d(leaf.images, shape),
    eps: tf.tensor4d(eps, shape),
    t: perSample(noises.map((noise) => noise.t)),
    alpha: perSample(noises.map((noise) => levels.alpha[noise.t] ?? 0)),
    sigma: perSample(noises.map((noise) => levels.sigma[noise.t] ?? 0)),
    weights: perSample(leaf.weights),
  };
  const labels = task.batchLabels(leaf.labels, noises.map((noise) => noise.dropUniform));
  return labels === undefined ? batch : { ...batch, labels: tf.tensor1d(labels, 'int32') };
}
