import { batchSizes } from './batch-sizes.js';

describe('batchSizes', () => {
  it('doubles them where so many times as many are done', () => {
    expect(batchSizes(20, { largest: 8, growth: 2 })).toEqual([1, 1, 1, 1, 2, 2, 4, 4, 4]);
    expect(batchSizes(21, { largest: 2, growth: 1 })).toEqual([1, 1, ...new Array<number>(9).fill(2), 1]);
    expect(batchSizes(3, { largest: 1, growth: 1 })).toEqual([1, 1, 1]);
  });

  it.each([1, 7, 100, 1000])('has room for %d images, no more', (images) => {
    const sizes = batchSizes(images, { largest: 16, growth: 8 });
    expect(sizes.reduce((a, b) => a + b)).toBe(images);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16);
  });
});
