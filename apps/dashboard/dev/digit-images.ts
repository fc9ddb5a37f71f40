import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const side = 28;
const pixels = side * side;

/** Handwritten digits of the MNIST data set, read when they are first asked for. */
export class DigitImages {
  readonly #classes = new Map<number, readonly number[]>();

  /** Image `index` of a label: 28 × 28 values from 0 (black) to 1, row by row. */
  image(label: number, index: number): readonly number[] {
    const data = this.#load(label % 10);
    const place = index % Math.floor(data.length / pixels);
    return data.slice(place * pixels, (place + 1) * pixels);
  }

  #load(label: number): readonly number[] {
    const known = this.#classes.get(label);
    if (known) return known;
    const path = createRequire(import.meta.url).resolve(`mnist/src/digits/${label}.json`);
    const { data } = JSON.parse(readFileSync(path, 'utf8')) as { data: number[] }; // the format of the package's files
    this.#classes.set(label, data);
    return data;
  }
}
