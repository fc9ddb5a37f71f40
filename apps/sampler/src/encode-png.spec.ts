import { PNG } from 'pngjs';
import { encodePng } from './encode-png.js';

/** Grey of each pixel, row by row. */
const greys = (bytes: Uint8Array): { width: number; height: number; shades: number[] } => {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return { width, height, shades: Array.from({ length: width * height }, (_, pixel) => data[4 * pixel] ?? -1) };
};

describe('a picture of samples', () => {
  it('has each image where its row and column say, as grey from −1 to 1', () => {
    // Three images of one row of two pixels, in two columns.
    const images = Float32Array.of(-1, 1, 0, -3, 5, 0.2);
    expect(greys(encodePng({ images, imageShape: [1, 2, 1] }, { columns: 2, gap: 0 }))).toMatchObject({ width: 4, height: 2, shades: [0, 255, 128, 0, 255, 153, expect.any(Number), expect.any(Number)] });
  });
});
