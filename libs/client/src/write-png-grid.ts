import { PNG } from 'pngjs';
import { imageGrid, type GridOptions } from './image-grid.js';
import { replaceFile } from './replace-file.js';
import type { Samples } from './samples.js';

/**
 * Writes images as one PNG picture; the file is there whole or not at all, and replaces one of that name. Values are
 * clamped to [−1, 1] here, and only here.
 *
 * @throws LangevinError `invalid_argument` for images or options that give no picture; `storage_full`, `storage_failed`
 */
export async function writePngGrid(path: string, samples: Pick<Samples, 'images' | 'imageShape'>, options: GridOptions = {}): Promise<void> {
  const { width, height, rgba } = imageGrid(samples, options);
  const png = new PNG({ width, height });
  png.data.set(rgba);
  // Colour types of the PNG specification (ISO/IEC 15948, table 11.1): 0 is grey, 2 is red, green, blue.
  const colorType = samples.imageShape[2] === 1 ? 0 : 2;
  await replaceFile(path, PNG.sync.write(png, { colorType, inputHasAlpha: true }));
}
