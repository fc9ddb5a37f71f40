import { averageOperator } from '@langevin/diffusion-core';
import { LangevinError } from '@langevin/contracts';
import type { DiffusionModel } from '../diffusion-model.js';
import type { Samples } from '../samples.js';
import { guidedWalk } from './guided-walk.js';
import { imageCount, imagesOf, restoreBatches, type RestoreOptions } from './restore-batches.js';

/** How images are enlarged. */
export interface SuperResolveOptions extends RestoreOptions {
  /** How many pixels of the result each pixel stands for, along each side. */
  readonly factor: number;
  /** Standard deviation of an error of the pixels. @default that of bytes */
  readonly noise?: number;
}

/**
 * Draws images of the model's size whose squares of factor × factor pixels have the given means.
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
  return await restoreBatches(model, count, options, (first, size) =>
    guidedWalk(model, options, { first, conditions: { y: imagesOf(images, shape, first, size) }, operatorOf: () => operator, ...(noise !== undefined && { noise }) }),
  );
}
