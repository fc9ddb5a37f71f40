import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import type { SamplerSteps } from '@langevin/diffusion-core';
import type { DiffusionModel } from '../diffusion-model.js';
import type { Samples } from '../samples.js';
import { samplingNoise } from '../sampling-noise.js';

/** How images are restored. */
export interface RestoreOptions {
  /** Denoising steps. @default 50 */
  readonly steps?: number;
  /** Seed of the noise. @default 1 */
  readonly seed?: number;
  /** So many images are drawn for each and averaged: more come nearer to the mean of all that fit, which no single one shows. @default 1 */
  readonly draws?: number;
  /** Images that are restored together. @default 50 */
  readonly batchSize?: number;
  /** The class of each image, where it is known. @default none is */
  readonly labels?: ArrayLike<number>;
  /** @default it cannot be stopped */
  readonly signal?: AbortSignal;
  /** Called after every step of every batch. @default nobody is told */
  readonly onProgress?: (progress: { readonly steps: number; readonly totalSteps: number }) => void;
}

/** One batch of images under way. Holds what it needs until it is disposed of. */
export interface RestoreBatch extends Disposable {
  /** How many steps a draw takes. */
  readonly length: number;
  /**
   * A draw: the walk to its images.
   * @param start standard normal; kept
   * @param noise of a step, as samplers take it
   */
  walk(start: tf.Tensor, noise: (step: number) => tf.Tensor): SamplerSteps;
}

/**
 * Restores images batch by batch and step by step, and lets other work run in between.
 * @param batchOf begins the batch of `count` images from `first` on
 * @throws LangevinError `invalid_argument` for options out of range; `cancelled`; `non_finite`
 */
export async function restoreBatches(model: DiffusionModel, images: number, options: RestoreOptions, batchOf: (first: number, count: number) => RestoreBatch): Promise<Samples> {
  const { draws = 1, batchSize = 50, seed = 1 } = options;
  checkWhole({ draws, batchSize });
  if (options.labels && options.labels.length !== images) throw new LangevinError('invalid_argument', `${options.labels.length} labels for ${images} images`);
  const size = model.imageShape.reduce((a, b) => a * b);
  const result = new Float32Array(images * size);
  let done = 0;
  for (let first = 0; first < images; first += batchSize) {
    const count = Math.min(batchSize, images - first);
    using batch = batchOf(first, count);
    const totalSteps = Math.ceil(images / batchSize) * draws * batch.length;
    for (let draw = 0; draw < draws; draw++) {
      const noise = samplingNoise(seed + draw, first, count, model.imageShape);
      const start = noise.start();
      const drawn = await finish(batch.walk(start, noise.step), options.signal, () => options.onProgress?.({ steps: ++done, totalSteps })).finally(() => start.dispose());
      drawn.forEach((value, i) => (result[first * size + i]! += value / draws));
    }
  }
  const bad = result.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new LangevinError('non_finite', `image ${Math.floor(bad / size)} holds a value that is not finite: the weights diverge`);
  return { images: result, imageShape: model.imageShape };
}

async function finish(steps: SamplerSteps, signal: AbortSignal | undefined, onStep: () => void): Promise<Float32Array> {
  try {
    for (;;) {
      if (signal?.aborted) throw new LangevinError('cancelled', 'restoring was stopped before it was done', { cause: signal.reason });
      const { done, value } = steps.next();
      if (done) {
        const values = await value.data<'float32'>();
        value.dispose();
        return values;
      }
      onStep();
      await setImmediate();
    }
  } finally {
    steps.return(undefined as never);
  }
}

export function checkWhole(options: Readonly<Record<string, number>>, least = 1): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isInteger(value) || value < least) throw new LangevinError('invalid_argument', `${name} ${value} is not a whole number of at least ${least}`);
  }
}

/** Images `first` to `first + count`, as a tensor [count, …shape]. @throws LangevinError `invalid_argument` for values that are no images of that shape */
export function imagesOf(images: Float32Array, shape: readonly number[], first: number, count: number): tf.Tensor4D {
  const size = shape.reduce((a, b) => a * b);
  return tf.tensor<tf.Rank.R4>(images.subarray(first * size, (first + count) * size), [count, ...shape] as [number, number, number, number]); // An image has three sides.
}

/** How many images of a shape these values are. @throws LangevinError `invalid_argument` for none, or a part of one */
export function imageCount(images: Float32Array, shape: readonly number[]): number {
  const count = images.length / shape.reduce((a, b) => a * b);
  if (count > 0 && Number.isInteger(count)) return count;
  throw new LangevinError('invalid_argument', `${images.length} values are no images of ${shape.join(' × ')}`);
}
