import { bucketSeries, type SeriesWindow } from './bucket-series.js';
import { MetricColumns } from './metric-columns.js';
import { pointAt } from './testing/points.js';

/** mulberry32; the seed is in the test's name. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function rowsOf(losses: readonly number[], firstStep = 1): MetricColumns {
  const rows = new MetricColumns();
  losses.forEach((loss, index) => rows.push({ ...pointAt(firstStep + index), loss }));
  return rows;
}

const all: SeriesWindow = { x: 'step', buckets: 100 };

describe('bucketSeries', () => {
  it('gives every row when they fit', () => {
    expect(bucketSeries([rowsOf([3, 1, 2])], 'loss', all)).toEqual({ x: [1, 2, 3], min: [3, 1, 2], max: [3, 1, 2], last: [3, 1, 2] });
    expect(bucketSeries([], 'loss', all)).toEqual({ x: [], min: [], max: [], last: [] });
  });

  it('keeps a spike of one step in a hundred thousand', () => {
    const losses = new Array<number>(100_000).fill(1);
    losses[70_001] = 999;
    losses[5] = -5;
    const { x, min, max, last } = bucketSeries([rowsOf(losses)], 'loss', all);
    expect(x).toHaveLength(100);
    expect(x.at(-1)).toBe(100_000);
    expect(Math.max(...max)).toBe(999);
    expect(Math.min(...min)).toBe(-5);
    expect(last.every((value) => value === 1)).toBe(true);
  });

  it('takes a window with both its ends', () => {
    const rows = rowsOf(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(bucketSeries([rows], 'loss', { ...all, from: 10, to: 12 }).x).toEqual([10, 11, 12]);
    const start = Date.parse(pointAt(10).time);
    expect(bucketSeries([rows], 'loss', { ...all, x: 'time', from: start, to: start + 2000 }).last).toEqual([10, 11, 12]);
    expect(bucketSeries([rows], 'loss', { ...all, from: 51 }).x).toEqual([]);
  });

  it('agrees with a plain count over pieces and windows (seed 20261124)', () => {
    const next = random(20261124);
    for (let round = 0; round < 50; round += 1) {
      const count = 1 + Math.floor(next() * 400);
      const losses = Array.from({ length: count }, () => next() * 10 - 5);
      const cut = Math.floor(next() * count);
      const pieces = [rowsOf(losses.slice(0, cut)), rowsOf(losses.slice(cut), cut + 1)];
      const from = 1 + Math.floor(next() * count);
      const to = from + Math.floor(next() * count);
      const buckets = 1 + Math.floor(next() * 40);
      const { x, min, max, last } = bucketSeries(pieces, 'loss', { x: 'step', from, to, buckets });
      const wanted = losses.map((loss, index) => ({ step: index + 1, loss })).filter(({ step }) => step >= from && step <= to);
      expect(x.length).toBeLessThanOrEqual(Math.max(buckets, 0));
      // The buckets are a partition: each ends at its x.
      let begin = from;
      x.forEach((end, index) => {
        const inside = wanted.filter(({ step }) => step >= begin && step <= end).map(({ loss }) => loss);
        expect([min[index], max[index], last[index]]).toEqual([Math.min(...inside), Math.max(...inside), inside.at(-1)]);
        begin = end + 1;
      });
      expect(wanted.filter(({ step }) => step >= begin)).toEqual([]);
    }
  });
});
