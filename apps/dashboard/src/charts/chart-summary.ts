import { formatCount, formatValue } from '../format/numbers.js';
import { formatTime } from '../format/times.js';
import type { Curve } from './curve.js';

/** What a chart shows, in a sentence, for those who do not see it. */
export function chartSummary(title: string, { x, min, max, raw }: Curve, axis: 'step' | 'time'): string {
  const first = x[0];
  const last = x.at(-1);
  if (first === undefined || last === undefined) return `${title}: no points yet.`;
  const place = axis === 'step' ? formatCount : formatTime;
  const values = (column: readonly (number | null)[]) => column.filter((value) => value !== null);
  const least = values(min).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = values(max).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const newest = values(raw).at(-1);
  if (newest === undefined) return `${title}: nothing above zero.`;
  const range = `${axis === 'step' ? 'steps ' : ''}${place(first)} to ${place(last)}`;
  return `${title}, ${range}: last ${formatValue(newest)}, least ${formatValue(least)}, greatest ${formatValue(greatest)}.`;
}
