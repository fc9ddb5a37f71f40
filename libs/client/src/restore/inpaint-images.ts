import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { maskOperator, repaint, repaintMoves, type RepaintSchedule } from '@langevin/diffusion-core';
import type { DiffusionModel } from '../diffusion-model.js';
import type { Samples } from '../samples.js';
import { guidedWalk, gridOf, labelsOf } from './guided-walk.js';
import { imageCount, imagesOf, restoreBatches, type RestoreBatch, type RestoreOptions } from './restore-batches.js';

/** How holes are filled. */
export interface InpaintOptions extends RestoreOptions, RepaintSchedule {
  /** [height, width]: 1 where pixels are known, 0 where they are to be drawn. */
  readonly mask: ArrayLike<number>;
  /** `guidance` by the gradient of what is known, `repaint`, or `replacement`, which is quickest and biased. @default 'guidance' */
  readonly method?: 'guidance' | 'repaint' | 'replacement';
}

/**
 * Fills holes of images; known pixels come out as they are.
 *
 * @param images [n, height, width, channels] from −1 to 1; what they hold under the holes does not count
 * @throws LangevinError `invalid_argument` for images or a mask that do not fit the model, or options out of range; `cancelled`; `non_finite`
 */
export async function inpaintImages(model: DiffusionModel, images: Float32Array, options: InpaintOptions): Promise<Samples> {
  const count = imageCount(images, model.imageShape);
  const [height, width] = model.imageShape;
  checkMask(options.mask, height, width);
  const mask = tf.tensor4d(Array.from(options.mask), [1, height, width, 1]);
  try {
    const batchOf = options.method === 'repaint' || options.method === 'replacement' ? drawn : guided;
    return await restoreBatches(model, count, options, (first, size) => batchOf(model, options, { known: imagesOf(images, model.imageShape, first, size), mask, first }));
  } finally {
    mask.dispose();
  }
}

/** Some neighbouring images. */
interface Hole {
  readonly known: tf.Tensor4D;
  readonly mask: tf.Tensor4D;
  readonly first: number;
}

function drawn(model: DiffusionModel, options: InpaintOptions, { known, mask, first }: Hole): RestoreBatch {
  const { method, jumpLength = 1, resamples = 5 } = options;
  const schedule = { jumpLength, resamples: method === 'replacement' ? 1 : resamples };
  const grid = gridOf(model, options);
  const denoiser = model.denoiser({ clipSample: true, ...labelsOf(options, first, known.shape[0]) });
  return {
    length: repaintMoves(grid.length, schedule).length,
    walk: (start, noise) => repaint.steps(denoiser.denoise, model.process, grid, start, { known, mask, noise, ...schedule }),
    [Symbol.dispose]() {
      denoiser[Symbol.dispose]();
      known.dispose();
    },
  };
}

function guided(model: DiffusionModel, options: InpaintOptions, { known, mask, first }: Hole): RestoreBatch {
  const seen = tf.mul<tf.Tensor4D>(mask, known);
  known.dispose();
  // Each image has its mask: what is known of an image is compiled in by batches.
  const masks = tf.tile(mask, [seen.shape[0], 1, 1, 1]);
  const walk = guidedWalk(model, options, { first, conditions: { y: seen, masks }, operatorOf: (conditions) => maskOperator(conditions['masks']!) });
  return {
    length: walk.length,
    *walk(start, noise) {
      const result = yield* walk.walk(start, noise);
      const whole = tf.tidy(() => tf.add(seen, tf.mul(tf.sub(1, mask), result)));
      result.dispose();
      return whole;
    },
    [Symbol.dispose]: () => walk[Symbol.dispose](),
  };
}

function checkMask(mask: ArrayLike<number>, height: number, width: number): void {
  if (mask.length !== height * width) throw new LangevinError('invalid_argument', `a mask of ${mask.length} values, but images of ${height} × ${width}`);
  if (!Array.from(mask).every((value) => value === 0 || value === 1)) throw new LangevinError('invalid_argument', 'a mask has 1 where pixels are known and 0 where they are to be drawn, nothing between');
}
