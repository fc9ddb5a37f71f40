import type { MetricKey, MetricSeries } from '@langevin/contracts/api';
import { lowerBound, type MetricColumns } from './metric-columns.js';

/** Which part of a curve is wanted, and how fine. */
export interface SeriesWindow {
  readonly x: 'step' | 'time';
  /** Least x. @default where the curve begins */
  readonly from?: number | undefined;
  /** Greatest x. @default where the curve ends */
  readonly to?: number | undefined;
  /** Points at most. */
  readonly buckets: number;
}

/** A stretch of rows: those from `start` to `end` of `rows`, `end` not included. */
interface Stretch {
  readonly rows: MetricColumns;
  readonly start: number;
  readonly end: number;
}

/**
 * A curve in buckets of equal width over x: of each its least, greatest and last value, so that no spike is lost. If there are no
 * more rows than buckets, each row is a bucket of its own. Empty buckets are left out.
 *
 * @param pieces rows one after the other: x of a later piece is never less
 */
export function bucketSeries(pieces: readonly MetricColumns[], key: MetricKey, window: SeriesWindow): MetricSeries {
  const stretches = pieces.map((rows) => within(rows, window)).filter(({ start, end }) => end > start);
  const count = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
  if (count <= window.buckets) return everyRow(stretches, key, window.x);
  const first = window.from ?? valueAt(stretches[0], 'first', window.x);
  const last = window.to ?? valueAt(stretches.at(-1), 'last', window.x);
  const width = Math.max(last - first, Number.MIN_VALUE) / window.buckets;
  const series: MetricSeries = { x: [], min: [], max: [], last: [] };
  const at = stretches.map(({ start }) => start);
  for (let bucket = 1; bucket <= window.buckets; bucket += 1) {
    // The last one takes what is left: sums of widths round.
    const bound = bucket === window.buckets ? Infinity : first + bucket * width;
    let [x, min, max, value] = [NaN, Infinity, -Infinity, 0];
    stretches.forEach(({ rows, end }, index) => {
      const [xs, values] = [rows.column(window.x), rows.column(key)];
      const from = at[index] ?? end;
      const to = Math.min(end, lowerBound(xs, bound, from));
      if (to <= from) return;
      for (let row = from; row < to; row += 1) {
        const each = values[row] ?? 0;
        if (each < min) min = each;
        if (each > max) max = each;
      }
      [x, value, at[index]] = [xs[to - 1] ?? 0, values[to - 1] ?? 0, to];
    });
    if (!Number.isNaN(x)) push(series, x, min, max, value);
  }
  return series;
}

function push(series: MetricSeries, x: number, min: number, max: number, last: number): void {
  series.x.push(x);
  series.min.push(min);
  series.max.push(max);
  series.last.push(last);
}

function within(rows: MetricColumns, { x, from, to }: SeriesWindow): Stretch {
  const xs = rows.column(x);
  const start = from === undefined ? 0 : lowerBound(xs, from);
  // The next double: rows at `to` itself belong to the window.
  const end = to === undefined ? xs.length : lowerBound(xs, to + Math.max(Math.abs(to) * Number.EPSILON, Number.MIN_VALUE));
  return { rows, start, end };
}

function everyRow(stretches: readonly Stretch[], key: MetricKey, x: 'step' | 'time'): MetricSeries {
  const collect = (name: MetricKey | 'step' | 'time'): number[] => stretches.flatMap(({ rows, start, end }) => [...rows.column(name).subarray(start, end)]);
  const values = collect(key);
  return { x: collect(x), min: values, max: values, last: values };
}

function valueAt(stretch: Stretch | undefined, which: 'first' | 'last', x: 'step' | 'time'): number {
  if (!stretch) return 0;
  return stretch.rows.column(x)[which === 'first' ? stretch.start : stretch.end - 1] ?? 0;
}
