import { systematicDraws } from './systematic-draws.js';

describe('systematicDraws', () => {
  const f = [3, -1, 4, 1, 5];

  it.each([
    [[1, 1, 1, 1, 1], 3],
    [[4, 1, 2, 1, 8], 5],
    [[0.5, 0, 0.125, 0.25, 0.125], 4],
    [[1, 2, 3, 4, 6], 1],
  ])('sums what all sum to, on average over u, and exactly so: p ∝ %j, %d draws', (p, count) => {
    // Equally distant u, between all of the places where a draw changes: the mean over them is the integral.
    const parts = 16 * 5 * count;
    const wanted = f.reduce((sum, value, i) => sum + (p[i]! > 0 ? value : 0), 0);
    const sums = Array.from({ length: parts }, (_, i) => systematicDraws(p, count, (i + 0.5) / parts).reduce((sum, { index, weight }) => sum + weight * f[index]!, 0));
    expect(Math.abs(sums.reduce((a, b) => a + b) / parts - wanted)).toBeLessThan(1e-9);
  });

  it('is spread: of equal ones each is drawn once, whatever u', () => {
    for (const u of [0, 0.4, 1 - 2 ** -24]) expect(systematicDraws([1, 1, 1], 3, u)).toEqual([0, 1, 2].map((index) => ({ index, weight: 1 })));
  });

  it('never draws what cannot be', () => {
    expect(systematicDraws([0, 1, 0], 2, 0)).toEqual([{ index: 1, weight: 0.5 }, { index: 1, weight: 0.5 }]);
    expect(systematicDraws([0.1, 0.2, 0], 1, 1)).toEqual([{ index: 1, weight: 0.30000000000000004 / 0.2 }]);
    expect(systematicDraws([1], 0, 0)).toEqual([]);
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[1, Number.NaN]], [[1, Number.POSITIVE_INFINITY]]])('refuses %j', (p: number[]) => {
    expect(() => systematicDraws(p, 1, 0)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: 'probabilities must be numbers of at least 0 with a finite sum above 0' }));
  });
});
