import { imageGrid, type Samples } from '@langevin/client';
import { PNG } from 'pngjs';

/** Images as one PNG without gaps: the pixel of image (row, column) is where a slicer expects it. */
export function encodePng(samples: Pick<Samples, 'images' | 'imageShape'>, columns: number): Uint8Array {
  const { width, height, rgba } = imageGrid(samples, { columns, scale: 1, gap: 0 });
  const png = new PNG({ width, height });
  png.data.set(rgba);
  // Colour types of the PNG specification (ISO/IEC 15948, table 11.1): 0 is grey, 2 is red, green, blue.
  return PNG.sync.write(png, { colorType: samples.imageShape[2] === 1 ? 0 : 2, inputHasAlpha: true });
}
