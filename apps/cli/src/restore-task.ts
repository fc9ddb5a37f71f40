import { denoiseImages, inpaintImages, interpolateImages, readPng, superResolveImages, type DiffusionModel } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { addWhiteNoise, enlarge, hiddenSquare, hide, shrink } from './degrade.js';
import { firstImages } from './first-images.js';
import type { StoreOptions } from './open-store.js';
import { realImages } from './real-images.js';

/** What `langevin sample --task` works on, and how. */
export interface TaskOptions extends StoreOptions {
  readonly task: 'inpaint' | 'superres' | 'denoise' | 'interpolate';
  readonly image?: readonly string[];
  readonly dataset?: string;
  readonly count?: number;
  readonly mask?: string;
  readonly hole?: number;
  readonly method?: 'guidance' | 'repaint' | 'replacement';
  readonly factor: number;
  readonly noise?: number;
  readonly draws: number;
  readonly between: number;
  readonly steps: number;
  readonly seed: number;
}

/** What can be seen of a task: rows of images of the model's size, the last of them the result. */
export interface TaskRows {
  readonly rows: readonly Float32Array[];
  /** Images a row. */
  readonly columns: number;
  /** What there is to say of the result. */
  readonly remark?: string;
}

/** How far a task has come, and what stops it. */
interface TaskWork {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly steps: number; readonly totalSteps: number }) => void;
}

type Shape = readonly [number, number, number];

/**
 * Does a task with images of files, or with held-out images of a dataset that are spoiled for it first.
 * @throws LangevinError `invalid_argument` for options that do not fit the task, images that do not fit the model; as the tasks of `@langevin/client`
 */
export async function restoreTask(model: DiffusionModel, options: TaskOptions, work: TaskWork): Promise<TaskRows> {
  checkOptions(options);
  switch (options.task) {
    case 'inpaint':
      return await inpaint(model, options, work);
    case 'superres':
      return await superResolve(model, options, work);
    case 'denoise':
      return await denoise(model, options, work);
    case 'interpolate':
      return await interpolate(model, options, work);
  }
}

async function inpaint(model: DiffusionModel, options: TaskOptions, work: TaskWork): Promise<TaskRows> {
  const { imageShape } = model;
  const mask = options.mask === undefined ? hiddenSquare(imageShape, options.hole ?? Math.floor(imageShape[0] / 2)) : await maskOf(options.mask, imageShape);
  const { images, spoiled } = await given(model, options, imageShape);
  const hidden = hide({ images, imageShape }, mask);
  const { draws, steps, seed, method } = options;
  const result = await inpaintImages(model, hidden, { mask, draws, steps, seed, ...(method && { method }), ...work });
  return rowsOf(imageShape, [...(spoiled ? [images] : []), hidden, result.images]);
}

async function superResolve(model: DiffusionModel, options: TaskOptions, work: TaskWork): Promise<TaskRows> {
  const { imageShape } = model;
  const { factor, draws, steps, seed } = options;
  const small: Shape = [imageShape[0] / factor, imageShape[1] / factor, imageShape[2]];
  if (!Number.isInteger(small[0]) || !Number.isInteger(small[1])) throw new LangevinError('invalid_argument', `--factor ${factor}: images of ${imageShape[0]} × ${imageShape[1]} pixels have no squares of ${factor} × ${factor}`);
  const { images, spoiled } = await given(model, options, options.dataset === undefined ? small : imageShape);
  const coarse = spoiled ? shrink({ images, imageShape }, factor) : images;
  const result = await superResolveImages(model, coarse, { factor, draws, steps, seed, ...work });
  return rowsOf(imageShape, [...(spoiled ? [images] : []), enlarge(coarse, small, factor), result.images]);
}

async function denoise(model: DiffusionModel, options: TaskOptions, work: TaskWork): Promise<TaskRows> {
  const { imageShape } = model;
  const { images, spoiled } = await given(model, options, imageShape);
  const noisy = spoiled ? addWhiteNoise({ images, imageShape }, options.noise ?? 0.5, options.seed) : images;
  // What was added is not told, unless it was asked for.
  const result = await denoiseImages(model, noisy, { ...(options.noise !== undefined && { noise: options.noise }), ...work });
  const [least, most] = [Math.min(...result.noise), Math.max(...result.noise)];
  const remark = options.noise === undefined ? `noise estimated from ${least.toFixed(3)} to ${most.toFixed(3)}` : `noise ${options.noise}`;
  return { ...rowsOf(imageShape, [...(spoiled ? [images] : []), noisy, result.images]), remark };
}

async function interpolate(model: DiffusionModel, options: TaskOptions, work: TaskWork): Promise<TaskRows> {
  const { images } = await given(model, options, model.imageShape);
  const { between, steps } = options;
  const result = await interpolateImages(model, images, { between, steps, ...work });
  return { rows: [result.images], columns: between };
}

function rowsOf(shape: Shape, rows: readonly Float32Array[]): TaskRows {
  return { rows, columns: rows[0]!.length / (shape[0] * shape[1] * shape[2]) };
}

/** Images of files as they are, or of a dataset, which are then to be spoiled. */
async function given(model: DiffusionModel, options: TaskOptions, shape: Shape): Promise<{ images: Float32Array; spoiled: boolean }> {
  if (options.dataset === undefined) return { images: await imagesOfFiles(options.image ?? [], shape), spoiled: false };
  const set = firstImages(await realImages(options, options.dataset, 'test'), options.count ?? 12);
  if (set.imageShape.join() === model.imageShape.join()) return { images: set.images, spoiled: true };
  throw new LangevinError('invalid_argument', `the images of ${options.dataset} are ${set.imageShape.join(' × ')}, those of the model ${model.imageShape.join(' × ')}`);
}

async function imagesOfFiles(files: readonly string[], shape: Shape): Promise<Float32Array> {
  const size = shape[0] * shape[1] * shape[2];
  const images = new Float32Array(files.length * size);
  for (const [i, file] of files.entries()) images.set(Float32Array.from(await readPng(file, shape), (byte) => byte / 127.5 - 1), i * size);
  return images;
}

/** White where pixels are known, black where they are to be drawn. */
async function maskOf(file: string, [height, width]: Shape): Promise<number[]> {
  const pixels = await readPng(file, [height, width, 1]);
  if (!pixels.every((pixel) => pixel === 0 || pixel === 255)) throw new LangevinError('invalid_argument', `${file} is no mask: white where pixels are known, black where they are to be drawn, nothing between`);
  return Array.from(pixels, (pixel) => pixel / 255);
}

function checkOptions({ task, image, dataset, mask, hole }: TaskOptions): void {
  if ((image === undefined) === (dataset === undefined)) throw new LangevinError('invalid_argument', `--task ${task}: name PNG files with --image, or a dataset with --dataset`);
  if (mask !== undefined && hole !== undefined) throw new LangevinError('invalid_argument', 'give --mask or --hole, not both');
  if (task === 'inpaint' && image !== undefined && mask === undefined && hole === undefined) throw new LangevinError('invalid_argument', '--task inpaint: say with --mask or --hole what is to be drawn');
}
