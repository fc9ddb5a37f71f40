import { LangevinError, numericsDifferences, type ArchiveHeader } from '@langevin/contracts';
import { AnsStack } from '@langevin/diffusion-core';
import type { DiffusionModel } from '../diffusion-model.js';
import { decodeArchive, sha256 } from './archive-file.js';
import { archiveNumerics } from './archive-numerics.js';
import { batchSizes } from './batch-sizes.js';
import { imageCode, pause, type ArchiveWork } from './image-code.js';

/** How an archive is read. */
export interface DecompressOptions extends ArchiveWork {
  /** Try it even where the numerics class is another one: the archive's checksum says whether it came out right. @default false */
  readonly anyNumerics?: boolean;
}

/** What was in an archive. */
export interface DecompressedImages {
  /** [n, height, width, channels], a byte each. */
  readonly pixels: Uint8Array;
  readonly imageShape: readonly [number, number, number];
  /** Names of the images, where they had some. */
  readonly names?: readonly string[];
}

/** What an archive says of itself. @throws LangevinError as `decompressImages` for what cannot be read */
export function archiveHeader(archive: Uint8Array): ArchiveHeader {
  return decodeArchive(archive).header;
}

/**
 * The images of an archive, to the byte.
 *
 * @param model the one that compressed them
 * @throws LangevinError `invalid_argument` for what is no archive, or another model's; `object_corrupt` for a damaged one; `numerics_mismatch` where the model's numbers are
 * others than where it was written; `cancelled`
 */
export async function decompressImages(model: DiffusionModel, archive: Uint8Array, options: DecompressOptions = {}): Promise<DecompressedImages> {
  const { header, words } = decodeArchive(archive);
  checkModel(model, header);
  using denoiser = model.denoiser({ clipSample: true });
  const differences = numericsDifferences(header.numericsClass, archiveNumerics(model, denoiser.denoise), 'the archive');
  if (differences.length > 0 && !options.anyNumerics) {
    throw new LangevinError('numerics_mismatch', `the archive was written where the model has other numbers: ${differences.join('; ')}. Read it on such a machine, or try it all the same: its checksum will say whether it came out right`);
  }
  try {
    return await decode(model, header, { stack: AnsStack.fromWords(words, header.seed), code: imageCode(denoiser.denoise, model, header), ...options });
  } catch (thrown) {
    if (thrown instanceof LangevinError && thrown.code === 'cancelled') throw thrown;
    const why = differences.length > 0 ? `the numerics class is another one: ${differences.join('; ')}` : LangevinError.from(thrown).message;
    throw new LangevinError(differences.length > 0 ? 'numerics_mismatch' : 'object_corrupt', `the images of the archive did not come out right: ${why}`, { cause: thrown });
  }
}

function checkModel({ checkpoint, imageShape }: DiffusionModel, { model, imageShape: shape }: ArchiveHeader): void {
  if (model.checkpoint !== checkpoint.digest || model.weights !== checkpoint.weights || shape.join() !== imageShape.join()) {
    throw new LangevinError('invalid_argument', `the archive needs the ${model.weights} weights of checkpoint sha256:${model.checkpoint} (run "${model.run}", step ${model.step}), this is sha256:${checkpoint.digest}, ${checkpoint.weights}`);
  }
}

interface Decoding extends ArchiveWork {
  readonly stack: AnsStack;
  readonly code: ReturnType<typeof imageCode>;
}

async function decode({ imageShape }: DiffusionModel, header: ArchiveHeader, { stack, code, signal, onProgress }: Decoding): Promise<DecompressedImages> {
  const elements = imageShape.reduce((a, b) => a * b);
  const pixels = new Uint8Array(header.images * elements);
  let left = header.images;
  // What was coded last comes first.
  for (const size of batchSizes(header.images, header.batches).reverse()) {
    await pause(signal);
    left -= size;
    pixels.set(code.decode(stack, [size, ...imageShape]), left * elements);
    onProgress?.({ images: header.images - left, totalImages: header.images });
  }
  if (!stack.holdsOnly(header.seedBits) || sha256(pixels) !== header.pixels) throw new LangevinError('object_corrupt', 'the pixels have another sha256 than the header says');
  return { pixels, imageShape, ...(header.names && { names: header.names }) };
}
