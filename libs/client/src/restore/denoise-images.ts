import * as tf from '@tensorflow/tfjs-core';
import { denoiseImages as denoised, estimateNoise } from '@langevin/diffusion-core';
import type { DiffusionModel } from '../diffusion-model.js';
import type { Samples } from '../samples.js';
import { labelsOf } from './guided-walk.js';
import { imageCount, imagesOf, restoreBatches, type RestoreOptions } from './restore-batches.js';

/** How noise is taken away. Steps, draws and seed play no part: the result is a mean, not a draw. */
export interface DenoiseOptions extends Pick<RestoreOptions, 'batchSize' | 'labels' | 'signal' | 'onProgress'> {
  /** Standard deviation of the noise, on the scale where images go from −1 to 1. @default estimated of each image */
  readonly noise?: number;
}

/** Images without their noise. */
export interface DenoisedImages extends Samples {
  /** The standard deviation of the noise that each image was taken to have. */
  readonly noise: Float64Array;
}

/**
 * E[x₀ | x₀ + noise]: what is nearest to the clean images in the mean square.
 *
 * @param images [n, height, width, channels], around −1 to 1: noise may lead beyond
 * @throws LangevinError `invalid_argument` for images that do not fit the model, or noise that it does not know; `cancelled`; `non_finite`
 */
export async function denoiseImages(model: DiffusionModel, images: Float32Array, options: DenoiseOptions = {}): Promise<DenoisedImages> {
  const count = imageCount(images, model.imageShape);
  const noise = new Float64Array(count);
  // An image without noise is estimated to have none, which no level of the process is.
  const least = model.process.sigma(0) / model.process.alpha(0);
  const samples = await restoreBatches(model, count, options, (first, size) => {
    const [noisy, denoiser] = [imagesOf(images, model.imageShape, first, size), model.denoiser({ clipSample: true, ...labelsOf(options, first, size) })];
    return {
      length: 1,
      *walk() {
        noise.set(options.noise === undefined ? estimateNoise(noisy).map((level) => Math.max(level, least)) : new Float64Array(size).fill(options.noise), first);
        const result = denoised(denoiser.denoise, model.process, noisy, noise.subarray(first, first + size));
        yield result;
        return result;
      },
      [Symbol.dispose]() {
        denoiser[Symbol.dispose]();
        tf.dispose(noisy);
      },
    };
  });
  return { ...samples, noise };
}
