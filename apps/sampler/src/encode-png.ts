import { imageGrid, type GridOptions, type Samples } from '@langevin/client';
import { PNG } from 'pngjs';

/** Images as one PNG, pixel by pixel; without a gap, image (row, column) is where a slicer expects it. */
export function encodePng(samples: Pick<Samples, 'images' | 'imageShape'>, layout: Pick<Required<GridOptions>, 'columns' | 'gap'>): Uint8Array {
  const { width, height, rgba } = imageGrid(samples, { ...layout, scale: 1 });
  const png = new PNG({ width, height });
  png.data.set(rgba);
  // Colour types of the PNG specification (ISO/IEC 15948, table 11.1): 0 is grey, 2 is red, green, blue.
  return PNG.sync.write(png, { colorType: samples.imageShape[2] === 1 ? 0 : 2, inputHasAlpha: true });
}
