import type { MetricPoint, RunMetrics } from '@langevin/contracts/api';
import type { MetricWindow } from './metric-window.js';

/**
 * The curves with new points at their end, each a bucket of its own. Points that the curves hold already, or that lie outside the
 * window, change nothing.
 * @returns the same object when nothing is new; undefined when there are twice as many buckets as were asked for: it is time to fetch.
 */
export function appendPoints(metrics: RunMetrics, window: MetricWindow, points: readonly MetricPoint[]): RunMetrics | undefined {
  const lastStep = metrics.lastStep ?? -1;
  const fresh = points.filter((point) => point.step > lastStep && isInside(window, xOf(point, window.x)));
  const newest = Math.max(lastStep, points.at(-1)?.step ?? -1);
  if (fresh.length === 0) return newest > lastStep ? { ...metrics, lastStep: newest } : metrics;
  const keys: RunMetrics['keys'] = {};
  for (const key of window.keys) {
    const old = metrics.keys[key] ?? { x: [], min: [], max: [], last: [] };
    if (old.x.length + fresh.length > 2 * window.buckets) return undefined;
    const values = fresh.map((point) => point[key]);
    keys[key] = {
      x: [...old.x, ...fresh.map((point) => xOf(point, window.x))],
      min: [...old.min, ...values],
      max: [...old.max, ...values],
      last: [...old.last, ...values],
    };
  }
  return { x: metrics.x, keys, lastStep: newest };
}

function xOf(point: MetricPoint, x: MetricWindow['x']): number {
  return x === 'step' ? point.step : Date.parse(point.time);
}

function isInside({ from, to }: MetricWindow, x: number): boolean {
  return (from === undefined || x >= from) && (to === undefined || x <= to);
}
