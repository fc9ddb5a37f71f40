import type { MetricSeries, RunMetrics } from '@langevin/contracts/api';

/** Finer than a pixel of any chart, and a third of the bytes. */
const shownDigits = 6;

/** The curves with values of six digits, to be drawn beside many others; where their points lie stays as it is. */
export function roundedMetrics({ keys, ...rest }: RunMetrics): RunMetrics {
  const rounded = Object.entries(keys).map(([key, { x, min, max, last }]): [string, MetricSeries] => [key, { x, min: min.map(round), max: max.map(round), last: last.map(round) }]);
  return { ...rest, keys: Object.fromEntries(rounded) };
}

function round(value: number): number {
  return Number(value.toPrecision(shownDigits));
}
