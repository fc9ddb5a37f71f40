import type { MetricSeries } from '@langevin/contracts/api';
import { smooth } from './smooth.js';

/** A curve as it is drawn: columns of one length. */
export interface Curve {
  readonly x: readonly number[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly raw: readonly (number | null)[];
  readonly smoothed: readonly (number | null)[];
}

/**
 * Prepares a series for drawing.
 * @param smoothing as in `smooth`
 * @param positive leaves out what a logarithmic axis cannot show
 */
export function toCurve({ x, min, max, last }: MetricSeries, smoothing: number, positive: boolean): Curve {
  const shown = (values: readonly number[]) => (positive ? values.map((value) => (value > 0 ? value : null)) : values);
  const raw = shown(last);
  return { x, min: shown(min), max: shown(max), raw, smoothed: smooth(x, raw, smoothing) };
}

/** Index of the point nearest to `at`; -1 without points. */
export function nearestIndex(x: readonly number[], at: number): number {
  if (x.length === 0) return -1;
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return at - (x[low] ?? 0) <= (x[high] ?? 0) - at ? low : high;
}
