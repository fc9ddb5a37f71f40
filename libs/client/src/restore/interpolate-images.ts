import * as tf from '@tensorflow/tfjs-core';
import { ddim, ddimInversion, slerp } from '@langevin/diffusion-core';
import { LangevinError } from '@langevin/contracts';
import type { DiffusionModel } from '../diffusion-model.js';
import type { Samples } from '../samples.js';
import { gridOf } from './guided-walk.js';
import { checkWhole, imageCount, imagesOf, restoreBatches, type RestoreOptions } from './restore-batches.js';

/** What is drawn between images. */
export interface InterpolateOptions extends Pick<RestoreOptions, 'steps' | 'batchSize' | 'signal' | 'onProgress'> {
  /** Images from one to the next, both included. @default 8 */
  readonly between?: number;
}

/**
 * Images between each image and the next: the noise that DDIM would make each of is found by walking backwards, and what lies between on the sphere is drawn.
 *
 * @param images [n, height, width, channels] from −1 to 1, two or more
 * @returns n − 1 rows of `between` images
 * @throws LangevinError `invalid_argument` for images that do not fit the model, fewer than two, or options out of range; `cancelled`; `non_finite`
 */
export async function interpolateImages(model: DiffusionModel, images: Float32Array, options: InterpolateOptions = {}): Promise<Samples> {
  const { between = 8 } = options;
  checkWhole({ between }, 2);
  const count = imageCount(images, model.imageShape);
  if (count < 2) throw new LangevinError('invalid_argument', 'there is nothing between one image: give two or more');
  const grid = gridOf(model, options);
  return await restoreBatches(model, (count - 1) * between, { ...options, batchSize: between }, (first) => {
    const ends = imagesOf(images, model.imageShape, first / between, 2);
    const denoiser = model.denoiser({ clipSample: false });
    return {
      length: 2 * grid.length,
      *walk() {
        const latents = yield* ddimInversion.steps(denoiser.denoise, model.process, grid, ends, { refinements: 1 });
        const start = tf.tidy(() => {
          const [a, b] = tf.split(latents, 2) as [tf.Tensor, tf.Tensor]; // Two ends.
          return tf.concat(Array.from({ length: between }, (_, i) => slerp(a, b, i / (between - 1))));
        });
        latents.dispose();
        try {
          return yield* ddim.steps(denoiser.denoise, model.process, grid, start);
        } finally {
          start.dispose();
        }
      },
      [Symbol.dispose]() {
        denoiser[Symbol.dispose]();
        ends.dispose();
      },
    };
  });
}
