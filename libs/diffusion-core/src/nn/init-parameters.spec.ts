import { initParameters } from './init-parameters.js';
import { parameterLayout } from './parameter-layout.js';

const layout = parameterLayout([
  { name: 'filter', kind: 'filter', shape: [3, 3, 100, 50], fanIn: 900 },
  { name: 'bias', kind: 'bias', shape: [5000], fanIn: 900 },
  { name: 'scale', kind: 'scale', shape: [7], fanIn: 1 },
  { name: 'offset', kind: 'offset', shape: [7], fanIn: 1 },
  { name: 'table', kind: 'table', shape: [200, 100], fanIn: 1 },
  { name: 'gain', kind: 'gain', shape: [100, 100], fanIn: 1 },
  { name: 'position', kind: 'position', shape: [100, 100], fanIn: 100 },
]);

function slice(flat: Float32Array, name: string): Float32Array {
  const entry = layout.entries.find((candidate) => candidate.name === name)!;
  return flat.subarray(entry.offset, entry.offset + entry.size);
}

function meanSquare(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0) / values.length;
}

describe('initParameters', () => {
  const flat = initParameters(layout, 5);

  it('draws filters and biases uniformly from ±1/√fan-in', () => {
    for (const name of ['filter', 'bias']) {
      const values = slice(flat, name);
      expect(values.every((value) => Math.abs(value) <= 1 / 30)).toBe(true);
      // Variance of U(−b, b) is b²/3; the estimate's relative standard deviation is √(0.8/n).
      expect(Math.abs(meanSquare(values) * 3 * 900 - 1)).toBeLessThan(4 * Math.sqrt(0.8 / values.length));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(mean)).toBeLessThan(4 / (30 * Math.sqrt(3 * values.length)));
    }
  });

  it('starts normalisations at scale 1 and offset 0, and embeddings standard normal', () => {
    expect(slice(flat, 'scale').every((value) => value === 1)).toBe(true);
    expect(slice(flat, 'offset').every((value) => value === 0)).toBe(true);
    expect(Math.abs(meanSquare(slice(flat, 'table')) - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
  });

  it('starts learned positions with variance 1/features', () => {
    expect(Math.abs(100 * meanSquare(slice(flat, 'position')) - 1)).toBeLessThan(4 * Math.sqrt(2 / 10_000));
  });

  it('starts at 0 what the layout says so, and leaves the rest as it was', () => {
    const zeroed = initParameters(parameterLayout(layout.entries.map((entry) => (entry.name === 'filter' || entry.name === 'scale' ? { ...entry, startsAtZero: true } : entry))), 5);
    for (const name of ['filter', 'scale']) expect(slice(zeroed, name).every((value) => value === 0)).toBe(true);
    for (const name of ['bias', 'table', 'position']) expect(slice(zeroed, name)).toEqual(slice(flat, name));
  });

  it('starts tables of scales at 1, give or take 0.02', () => {
    const values = slice(flat, 'gain').map((value) => (value - 1) / 0.02);
    expect(Math.abs(meanSquare(values) - 1)).toBeLessThan(4 * Math.sqrt(2 / 10_000));
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0))).toBeLessThan(4 * 100);
  });

  it('is decided by the seed, and every tensor has numbers of its own', () => {
    expect(initParameters(layout, 5)).toEqual(flat);
    expect(initParameters(layout, 6)).not.toEqual(flat);
    expect(slice(flat, 'filter').subarray(0, 8)).not.toEqual(slice(flat, 'bias').subarray(0, 8));
  });
});
