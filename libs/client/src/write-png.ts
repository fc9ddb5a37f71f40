import { PNG } from 'pngjs';
import { replaceFile } from './replace-file.js';

/**
 * Writes one image as a PNG without loss; the file is there whole or not at all.
 *
 * @param pixels [height, width, channels], a byte each; 1 channel is grey, 3 are red, green, blue
 * @throws LangevinError `storage_full`, `storage_failed`
 */
export async function writePng(path: string, pixels: Uint8Array, [height, width, channels]: readonly [number, number, number]): Promise<void> {
  const png = new PNG({ width, height });
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) png.data[4 * i + c] = pixels[channels * i + (channels === 3 ? c : 0)]!;
    png.data[4 * i + 3] = 255;
  }
  await replaceFile(path, PNG.sync.write(png, { colorType: channels === 1 ? 0 : 2, inputHasAlpha: true }));
}
