import { smooth } from './smooth.js';

describe('smooth', () => {
  it('keeps a constant curve, from its first point on', () => {
    for (const value of smooth([0, 1, 2, 3], [5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 12);
  });

  it('changes nothing at weight 0', () => {
    expect(smooth([0, 1, 2], [3, null, 4], 0)).toEqual([3, null, 4]);
  });

  it('is the debiased exponential average where points are a thousandth of the width apart', () => {
    const x = Array.from({ length: 1001 }, (_, i) => i);
    const y = x.map((i) => Math.sin(i / 50) + (i % 7));
    const weight = 0.95;
    let average = 0;
    const expected = y.map((value, i) => (average = average * weight + value * (1 - weight)) / (1 - weight ** (i + 1)));
    smooth(x, y, weight).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 9));
  });

  it('gives the same curve for ten times fewer points of a slow curve', () => {
    const dense = Array.from({ length: 10_001 }, (_, i) => i);
    const sparse = dense.filter((i) => i % 10 === 0);
    const curve = (i: number) => Math.sin(i / 2000);
    const fromDense = smooth(dense, dense.map(curve), 0.8);
    smooth(sparse, sparse.map(curve), 0.8).forEach((value, i) => {
      if (i > 100) expect(Math.abs((value ?? 0) - (fromDense[i * 10] ?? 9))).toBeLessThan(5e-3);
    });
  });

  it('skips where there is no value', () => {
    expect(smooth([0, 500, 1000], [2, null, 2], 0.9)).toEqual([2, null, 2]);
  });
});
