import { LangevinError } from '@langevin/contracts';
import { toPixels, type Samples } from './samples.js';

/** How images are laid out. */
export interface GridOptions {
  /** Images in a row. @default the smallest whole number whose square is at least n */
  readonly columns?: number;
  /** Each pixel becomes scale × scale pixels. @default 2 */
  readonly scale?: number;
  /** Pixels between and around the images. @default 4 */
  readonly gap?: number;
}

/** A picture in the layout of PNG: rows from the top, four bytes (red, green, blue, alpha) a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const BACKDROP = 64;
const OPAQUE = 255;

/**
 * Lays images out in rows, from the left, on a dark grey ground. One channel becomes grey; three are red, green, blue.
 * @throws LangevinError `invalid_argument` for no images, another number of channels, or options out of range
 */
export function imageGrid(samples: Pick<Samples, 'images' | 'imageShape'>, options: GridOptions = {}): Picture {
  const [height, width, channels] = samples.imageShape;
  const count = samples.images.length / (height * width * channels);
  if (count === 0 || !Number.isInteger(count)) {
    throw new LangevinError('invalid_argument', `${samples.images.length} values make no grid of [${samples.imageShape.join(', ')}] images`);
  }
  if (channels !== 1 && channels !== 3) throw new LangevinError('invalid_argument', `a picture has 1 or 3 channels, these images have ${channels}`);
  const { columns = Math.ceil(Math.sqrt(count)), scale = 2, gap = 4 } = options;
  checkWhole('columns', columns, 1);
  checkWhole('scale', scale, 1);
  checkWhole('gap', gap, 0);
  const across = Math.min(columns, count);
  const picture = blank(gap + across * (width * scale + gap), gap + Math.ceil(count / columns) * (height * scale + gap));
  const pixels = toPixels(samples.images);
  for (let image = 0; image < count; image += 1) {
    const left = gap + (image % columns) * (width * scale + gap);
    const top = gap + Math.floor(image / columns) * (height * scale + gap);
    for (let y = 0; y < height * scale; y += 1) {
      const row = (image * height + Math.floor(y / scale)) * width;
      for (let x = 0; x < width * scale; x += 1) {
        const source = (row + Math.floor(x / scale)) * channels;
        const target = 4 * ((top + y) * picture.width + left + x);
        for (let c = 0; c < 3; c += 1) picture.rgba[target + c] = pixels[source + (channels === 3 ? c : 0)]!;
      }
    }
  }
  return picture;
}

function blank(width: number, height: number): Picture {
  const rgba = new Uint8Array(4 * width * height).fill(BACKDROP);
  for (let alpha = 3; alpha < rgba.length; alpha += 4) rgba[alpha] = OPAQUE;
  return { width, height, rgba };
}

function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new LangevinError('invalid_argument', `${name} ${value} is not a whole number of at least ${least}`);
  }
}
