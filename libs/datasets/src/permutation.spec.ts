import fc from 'fast-check';
import { permutation } from './permutation.js';

const image = (seed: number, epoch: number, n: number): number[] => {
  const at = permutation(seed, epoch, n);
  return Array.from({ length: n }, (_, i) => at(i));
};

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('permutation', () => {
  it('is a bijection of 0 … n−1 for every n, seed and epoch', () => {
    const arbitrary = [fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 300 })] as const;
    fc.assert(
      fc.property(...arbitrary, (seed, epoch, n) => {
        expect(image(seed, epoch, n).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it.each([1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1025])('is a bijection of 0 … %i − 1, where powers of 4 begin and end', (n) => {
    expect(new Set(image(0, 0, n)).size).toBe(n);
  });

  it('stays within 0 … n−1 up to 2⁵² samples', () => {
    const n = 2 ** 52 - 7;
    const at = permutation(3, 1, n);
    const images = [0, 1, 2, n - 1, 2 ** 51].map(at);
    for (const value of images) expect(Number.isInteger(value) && value >= 0 && value < n).toBe(true);
    expect(new Set(images).size).toBe(5);
    expect(Math.max(...images)).toBeGreaterThan(2 ** 49);
  });

  it('never changes: vectors from an independent program (integers of Python, by the definition)', () => {
    expect(image(0, 0, 10)).toEqual([6, 5, 9, 0, 3, 7, 2, 8, 1, 4]);
    expect(image(0, 1, 10)).toEqual([9, 4, 2, 7, 6, 8, 0, 3, 5, 1]);
    expect(image(1, 0, 10)).toEqual([5, 9, 8, 3, 0, 1, 7, 2, 4, 6]);
    expect([0, 1, 2, 8999].map(permutation(42, 3, 9000))).toEqual([416, 1858, 8122, 5920]);
    expect([0, 1].map(permutation(2 ** 40 + 1, 7, 2 ** 40))).toEqual([36063212802, 429013076061]);
  });

  it('gives each of the 24 orders of 4 samples equally often over the epochs (χ², p > 0.001)', () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 2400; epoch++) {
      const key = image(5, epoch, 4).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(49.7);
  });

  it('sends the first of 20 samples, and neighbours to a distance, evenly over the epochs (χ², p > 0.001)', () => {
    const first = new Array<number>(20).fill(0);
    const distance = new Array<number>(19).fill(0);
    for (let epoch = 0; epoch < 2000; epoch++) {
      const at = permutation(9, epoch, 20);
      const [a, b] = [at(0), at(1)];
      first[a]! += 1;
      distance[((b - a + 20) % 20) - 1]! += 1;
    }
    expect(chiSquare(first)).toBeLessThan(43.8);
    expect(chiSquare(distance)).toBeLessThan(42.3);
  });

  it('has about one fixed point and about one kept neighbour on average', () => {
    let fixed = 0;
    let kept = 0;
    for (let epoch = 0; epoch < 50; epoch++) {
      const values = image(1, epoch, 100);
      fixed += values.filter((value, i) => value === i).length;
      kept += values.filter((value, i) => i > 0 && value === values[i - 1]! + 1).length;
    }
    // Poisson of mean 50: 4 standard deviations are 28.
    expect(Math.abs(fixed - 50)).toBeLessThan(28);
    expect(Math.abs(kept - 50)).toBeLessThan(28);
  });

  it('refuses what it cannot permute', () => {
    expect(() => permutation(0, 0, 0)).toThrow('permutation: n 0 is not an integer from 1 to 4503599627370496');
    expect(() => permutation(0, -1, 5)).toThrow('epoch -1');
    expect(() => permutation(-1, 0, 5)).toThrow('seed');
    expect(() => permutation(0, 0, 5)(5)).toThrow('index 5 is not an integer from 0 to 4');
  });
});
