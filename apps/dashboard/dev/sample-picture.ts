import { PNG } from 'pngjs';
import type { DigitImages } from './digit-images.js';
import { seeded } from './random.js';

const side = 28;

/** What a picture shows. */
export interface PicturePlan {
  /** The label of each row. */
  readonly labels: readonly number[];
  readonly columns: number;
  /** From 0, noise, to 1, clean digits. */
  readonly quality: number;
  readonly seed: number;
}

/** Digits as a model draws them when it has learnt so much: noise first, then strokes. One PNG without gaps, a row a label. */
export function drawPicture(digits: DigitImages, { labels, columns, quality, seed }: PicturePlan): Buffer {
  const png = new PNG({ width: columns * side, height: labels.length * side });
  labels.forEach((label, row) => {
    for (let column = 0; column < columns; column += 1) {
      const random = seeded(seed + label * 101 + column * 7919);
      const image = digits.image(label, Math.floor(random() * 500));
      for (let i = 0; i < side * side; i += 1) {
        const noise = random();
        const stroke = image[i] ?? 0;
        const value = Math.round(255 * Math.min(1, Math.max(0, quality * stroke + (1 - quality) * (0.55 * noise + 0.3 * stroke))));
        const at = 4 * ((row * side + Math.floor(i / side)) * png.width + column * side + (i % side));
        png.data.set([value, value, value, 255], at);
      }
    }
  });
  return PNG.sync.write(png, { colorType: 0 });
}
