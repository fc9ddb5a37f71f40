import * as tf from '@tensorflow/tfjs-core';
import type { Metrics } from '@langevin/contracts';
import type { Classifier2D } from '../nn/classifier2d.js';
import { noisyImages } from '../nn/leaf-batch.js';
import type { DdpmProcess } from '../processes/ddpm-process.js';
import { PhiloxStream } from '../rng/philox-stream.js';
import type { HeldOutImages } from './held-out-images.js';

/** Noise levels that are looked at, spread evenly over the process. */
const levels = 10;
const batchSize = 50;

/**
 * Share of held-out images that a noisy classifier gets right at the times 0, T/10, 2T/10, …: `accuracy@t`, each a
 * multiple of 1/n. How good a classifier has to be for guidance is a question of noise levels, not of clean images. The
 * noise of image i at time t follows from (seed, t, i): equal parameters give equal numbers on one backend.
 *
 * @param parameters tensors of `model.layout`; kept
 * @param seed of the job
 */
export function accuracyByNoise(model: Classifier2D, parameters: readonly tf.Tensor[], process: DdpmProcess, heldOut: HeldOutImages, seed: number): Metrics {
  const step = Math.max(1, Math.floor(process.numTrainTimesteps / levels));
  const times = Array.from({ length: Math.min(levels, process.numTrainTimesteps) }, (_, level) => level * step);
  const count = heldOut.labels.length;
  const share = (t: number): number => {
    let right = 0;
    for (let first = 0; first < count; first += batchSize) right += countRight(model, parameters, process, heldOut, { t, seed, first });
    return right / count;
  };
  return Object.fromEntries(times.map((t) => [`accuracy@${t}`, share(t)]));
}

interface Part {
  readonly t: number;
  readonly seed: number;
  /** Index of the first image of the batch. */
  readonly first: number;
}

function countRight(model: Classifier2D, parameters: readonly tf.Tensor[], process: DdpmProcess, { images, labels }: HeldOutImages, { t, seed, first }: Part): number {
  const { sample_size: size, in_channels: channels } = model.config;
  const expected = labels.subarray(first, first + batchSize);
  const count = expected.length;
  const pixels = size * size * channels;
  const eps = new Float32Array(count * pixels);
  for (let i = 0; i < count; i++) {
    new PhiloxStream({ seed, purpose: 'heldOutNoise', step: t, sample: first + i }).fillNormal(eps.subarray(i * pixels, (i + 1) * pixels));
  }
  const found = tf.tidy(() => {
    const shape: [number, number, number, number] = [count, size, size, channels];
    const same = (value: number): tf.Tensor1D => tf.fill([count], value);
    const x0 = tf.tensor4d(images.subarray(first * pixels, (first + count) * pixels), shape);
    const { x } = noisyImages({ x0, eps: tf.tensor4d(eps, shape), alpha: same(process.alpha(t)), sigma: same(process.sigma(t)) });
    return tf.argMax(model.logits(parameters, x, same(t)), 1).dataSync();
  });
  return expected.reduce((right, label, i) => right + (found[i] === label ? 1 : 0), 0);
}
