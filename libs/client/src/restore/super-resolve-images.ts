import { averageOperator, ddim } from '@langevin/diffusion-core';
import { LangevinError } from '@langevin/contracts';
import type { DiffusionModel } from '../diffusion-model.js';
import type { Samples } from '../samples.js';
import { gridOf, guidedWalk, labelsOf } from './guided-walk.js';
import { imageCount, imagesOf, restoreBatches, type RestoreBatch, type RestoreOptions } from './restore-batches.js';

/** How images are enlarged. */
export interface SuperResolveOptions extends RestoreOptions {
  /** How many pixels of the result each pixel stands for, along each side. */
  readonly factor: number;
  /** Standard deviation of an error of the pixels. @default that of bytes */
  readonly noise?: number;
}

/**
 * Draws images of the model's size whose squares of factor × factor pixels have the given means: by a network that was trained to refine images (`low_resolution`), or by
 * guiding one that was not.
 *
 * @param images [n, height/factor, width/factor, channels] from −1 to 1
 * @throws LangevinError `invalid_argument` for images or a factor that do not fit the model, or options out of range; `cancelled`; `non_finite`
 */
export async function superResolveImages(model: DiffusionModel, images: Float32Array, options: SuperResolveOptions): Promise<Samples> {
  const { factor, noise } = options;
  const operator = averageOperator(factor);
  const [height, width, channels] = model.imageShape;
  if (height % factor !== 0 || width % factor !== 0) throw new LangevinError('invalid_argument', `images of ${height} × ${width} pixels have no squares of ${factor} × ${factor}`);
  const shape = [height / factor, width / factor, channels];
  const count = imageCount(images, shape);
  const trained = model.checkpoint.spec.model.low_resolution;
  if (trained) {
    if (trained.factor !== factor) throw new LangevinError('invalid_argument', `the model was trained to enlarge images ${trained.factor} times, not ${factor} times`);
    return await restoreBatches(model, count, options, (first, size) => refined(model, options, imagesOf(images, shape, first, size), first));
  }
  return await restoreBatches(model, count, options, (first, size) =>
    guidedWalk(model, options, { first, conditions: { y: imagesOf(images, shape, first, size) }, operatorOf: () => operator, ...(noise !== undefined && { noise }) }),
  );
}

function refined(model: DiffusionModel, options: RestoreOptions, lowResolution: ReturnType<typeof imagesOf>, first: number): RestoreBatch {
  const denoiser = model.denoiser({ clipSample: true, lowResolution, ...labelsOf(options, first, lowResolution.shape[0]) });
  const grid = gridOf(model, options);
  return {
    length: grid.length,
    walk: (start) => ddim.steps(denoiser.denoise, model.process, grid, start),
    [Symbol.dispose]() {
      denoiser[Symbol.dispose]();
      lowResolution.dispose();
    },
  };
}
