import { ansTotal } from './ans-stack.js';
import { symbolAt, symbolStarts } from './symbol-law.js';

describe('symbolStarts', () => {
  it.each([[[1]], [[0, 1]], [[3, 0, 0, 1, 1e-9]], [[0.2, 0.5, 0.3]], [Array.from({ length: 300 }, (_, i) => i % 7)]])('gives each symbol a place and shares the others by weight %#', (weights) => {
    const starts = symbolStarts(Float64Array.from(weights));
    const total = weights.reduce((a, b) => a + b);
    expect([starts[0], starts[weights.length]]).toEqual([0, ansTotal]);
    weights.forEach((weight, k) => {
      const places = starts[k + 1]! - starts[k]!;
      expect(places).toBeGreaterThanOrEqual(1);
      expect(Math.abs(places - 1 - (weight / total) * (ansTotal - weights.length))).toBeLessThanOrEqual(1);
    });
  });

  it('writes into the array that it is given', () => {
    const starts = new Uint32Array(3);
    expect(symbolStarts(Float64Array.of(1, 1), starts)).toBe(starts);
    expect([...starts]).toEqual([0, ansTotal / 2, ansTotal]);
  });
});

describe('symbolAt', () => {
  it('finds the symbol of its first and of its last place', () => {
    const starts = symbolStarts(Float64Array.of(0.5, 0, 3, 1, 0.1));
    for (let k = 0; k < 5; k++) {
      expect(symbolAt(starts, starts[k]!)).toBe(k);
      expect(symbolAt(starts, starts[k + 1]! - 1)).toBe(k);
    }
  });
});
