import { imageGrid, type Picture } from './image-grid.js';

/** The first colour of each pixel, row by row. */
function reds({ width, height, rgba }: Picture): number[][] {
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => rgba[4 * (y * width + x)] ?? -1));
}

const g = 64;

describe('imageGrid', () => {
  it('lays grey images out from the left with a gap around each', () => {
    const images = Float32Array.of(-1, 1, 1, -1, 1, 1);
    const picture = imageGrid({ images, imageShape: [1, 2, 1] }, { columns: 2, scale: 1, gap: 1 });
    expect(reds(picture)).toEqual([
      [g, g, g, g, g, g, g],
      [g, 0, 255, g, 255, 0, g],
      [g, g, g, g, g, g, g],
      [g, 255, 255, g, g, g, g],
      [g, g, g, g, g, g, g],
    ]);
  });

  it('repeats each pixel scale times each way', () => {
    const picture = imageGrid({ images: Float32Array.of(-1, 1), imageShape: [1, 2, 1] }, { scale: 2, gap: 0 });
    expect(reds(picture)).toEqual([
      [0, 0, 255, 255],
      [0, 0, 255, 255],
    ]);
  });

  it('takes three channels as red, green, blue', () => {
    const picture = imageGrid({ images: Float32Array.of(-1, 0.2, 1), imageShape: [1, 1, 3] }, { scale: 1, gap: 0 });
    expect([...picture.rgba]).toEqual([0, 153, 255, 255]);
  });

  it('arranges n images nearly as a square unless told otherwise', () => {
    const { width, height } = imageGrid({ images: new Float32Array(10 * 4), imageShape: [2, 2, 1] }, { scale: 3, gap: 1 });
    expect([width, height]).toEqual([1 + 4 * 7, 1 + 3 * 7]);
  });

  it('is no wider than its images when there are fewer than columns', () => {
    expect(imageGrid({ images: new Float32Array(8), imageShape: [2, 2, 1] }, { columns: 10, scale: 1, gap: 1 }).width).toBe(7);
  });

  it.each([
    [{ images: new Float32Array(0), imageShape: [1, 1, 1] as const }, {}, '0 values make no grid of [1, 1, 1] images'],
    [{ images: new Float32Array(5), imageShape: [2, 2, 1] as const }, {}, '5 values make no grid of [2, 2, 1] images'],
    [{ images: new Float32Array(2), imageShape: [1, 1, 2] as const }, {}, 'a picture has 1 or 3 channels, these images have 2'],
    [{ images: new Float32Array(1), imageShape: [1, 1, 1] as const }, { columns: 0 }, 'columns 0 is not a whole number of at least 1'],
    [{ images: new Float32Array(1), imageShape: [1, 1, 1] as const }, { scale: 1.5 }, 'scale 1.5 is not a whole number of at least 1'],
    [{ images: new Float32Array(1), imageShape: [1, 1, 1] as const }, { gap: -1 }, 'gap -1 is not a whole number of at least 0'],
  ])('refuses what gives no picture (%#)', (samples, options, message) => {
    expect(() => imageGrid(samples, options)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });
});
