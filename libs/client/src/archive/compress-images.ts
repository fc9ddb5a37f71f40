import { LangevinError, type ArchiveHeader } from '@langevin/contracts';
import { AnsStack } from '@langevin/diffusion-core';
import type { DiffusionModel } from '../diffusion-model.js';
import { encodeArchive, sha256 } from './archive-file.js';
import { archiveNumerics } from './archive-numerics.js';
import { batchSizes } from './batch-sizes.js';
import { imageCode, pause, type ArchiveWork } from './image-code.js';
import { levelCosts } from './level-costs.js';

/** How images are compressed. */
export interface CompressOptions extends ArchiveWork {
  /** Steps of the chain: each asks the network once an image, both ways. More of them make smaller archives. @default 100 */
  readonly steps?: number;
  /** Images that are coded at once, at most. @default 16 */
  readonly batchSize?: number;
  /** Names of the images, one each. @default they have none */
  readonly names?: readonly string[];
  /** Seed of the bits that the first image draws its noise from. @default 1 */
  readonly seed?: number;
}

/** An archive, and what it takes. */
export interface CompressedImages {
  readonly bytes: Uint8Array;
  readonly images: number;
  /** Bits of the archive that were taken from the seed: they could hold other data. */
  readonly seedBits: number;
  /** Bits of the file, header and all, a value. */
  readonly bitsPerDim: number;
  /** The same without those of the seed. */
  readonly netBitsPerDim: number;
}

/**
 * Compresses images without loss, in about as many bits as the model's bound on −log₂ p of them.
 *
 * @param pixels [n, height, width, channels], as the model's images are, a byte each
 * @throws LangevinError `invalid_argument` for no images, other names or options out of range; `non_finite`; `cancelled`
 */
export async function compressImages(model: DiffusionModel, pixels: Uint8Array, options: CompressOptions = {}): Promise<CompressedImages> {
  const { steps = 100, batchSize = 16, names, seed = 1, signal, onProgress } = options;
  const elements = model.imageShape.reduce((a, b) => a * b);
  const images = pixels.length / elements;
  checkImages(model, pixels, names);
  using denoiser = model.denoiser({ clipSample: true });
  const facts = {
    chain: { first: model.process.numTrainTimesteps - 1, last: 0, steps },
    levelCosts: Buffer.from(levelCosts(pixels)).toString('base64'),
  };
  const code = imageCode(denoiser.denoise, model, facts);
  const batches: ArchiveHeader['batches'] = { largest: batchSize, growth: 8 };
  const stack = new AnsStack(seed);
  let done = 0;
  for (const size of batchSizes(images, batches)) {
    await pause(signal);
    code.encode(stack, pixels.subarray(done * elements, (done + size) * elements), [size, ...model.imageShape]);
    done += size;
    onProgress?.({ images: done, totalImages: images });
  }
  const { run, step, weights, digest } = model.checkpoint;
  const header = {
    model: { run, step, weights, checkpoint: digest },
    numericsClass: archiveNumerics(model, denoiser.denoise),
    ...{ images, imageShape: [...model.imageShape] as ArchiveHeader['imageShape'], ...(names && { names: [...names] }) },
    ...facts,
    ...{ batches, seed, seedBits: stack.seedBits, pixels: sha256(pixels) },
  };
  const bytes = encodeArchive({ header, words: stack.toWords() });
  return { bytes, images, seedBits: stack.seedBits, bitsPerDim: (8 * bytes.length) / pixels.length, netBitsPerDim: (8 * bytes.length - stack.seedBits) / pixels.length };
}

function checkImages({ imageShape }: DiffusionModel, pixels: Uint8Array, names: readonly string[] | undefined): void {
  const images = pixels.length / imageShape.reduce((a, b) => a * b);
  if (images === 0 || !Number.isInteger(images)) throw new LangevinError('invalid_argument', `${pixels.length} bytes are no images of ${imageShape.join(' × ')} values`);
  if (names && names.length !== images) throw new LangevinError('invalid_argument', `${names.length} names for ${images} images`);
}
