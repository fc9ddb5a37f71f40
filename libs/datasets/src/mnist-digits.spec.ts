import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { mnistDigits } from './mnist-digits.js';

const pixels = 784;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const perClass = (labels: Uint8Array): number[] => Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);

describe('mnist-digits', () => {
  const loading = mnistDigits.load();

  it('holds 9,000 and 1,000 digits, each class in the same proportion', async () => {
    const { train, test } = await loading;
    expect(train.images).toHaveLength(9000 * pixels);
    expect(test.images).toHaveLength(1000 * pixels);
    const trained = perClass(train.labels);
    const tested = perClass(test.labels);
    // How many of each class the first 10,000 digits of MNIST hold.
    expect(trained.map((count, digit) => count + tested[digit]!)).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    for (let digit = 0; digit < 10; digit++) expect(Math.abs(tested[digit]! - (trained[digit]! + tested[digit]!) / 10)).toBeLessThan(1);
  });

  it('mixes the classes: every 500 samples hold each class', async () => {
    const { train, test } = await loading;
    for (const labels of [train.labels, test.labels]) {
      for (let first = 0; first < labels.length; first += 500) {
        for (const count of perClass(labels.subarray(first, first + 500))) expect(Math.abs(count - 50)).toBeLessThan(30);
      }
    }
  });

  it('gives back each number of the package, rounded to three decimals, and each image once', async () => {
    const { train, test } = await loading;
    const samples = new Map<string, number>();
    for (const { images, labels } of [train, test]) {
      labels.forEach((label, i) => samples.set(Buffer.from(images.buffer, images.byteOffset + i * pixels, pixels).toString('latin1'), label));
    }
    for (const digit of [0, 7]) {
      const { data } = JSON.parse(readFileSync(require.resolve(`mnist/src/digits/${digit}.json`), 'utf8')) as { data: number[] };
      for (let at = 0; at < data.length; at += pixels) {
        const image = data.slice(at, at + pixels);
        const bytes = Uint8Array.from(image, (value) => Math.round(255 * value));
        expect(Array.from(bytes, (byte) => Number((byte / 255).toFixed(3)))).toEqual(image);
        expect(samples.get(Buffer.from(bytes).toString('latin1'))).toBe(digit);
      }
    }
    expect(samples.size).toBe(10_000);
  });

  it('never changes: digests that an independent program found', async () => {
    const { train, test } = await loading;
    expect([train.images, train.labels, test.images, test.labels].map(sha256)).toEqual([
      '7066366638e06969ed94cb763969058332ffef22d913b6713e61e61b3b8c1043',
      'c6cd5d648cf61af8c2bd42f5565b5d802ea722dbda30fc888773c30d1f3cf305',
      '02460b71eef2f4509834f6d98c5b58a5beb43d880ddf8bd03807e5d6431c5d0d',
      'cff8a37f0ca27d18de664dc65f398a5946cbcd80b6ead935cbca93e010a76a01',
    ]);
  });
});
