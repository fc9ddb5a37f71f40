import type { MetricKey } from '@langevin/contracts/api';
import type { MetricWindow } from '../../api/metric-window.js';

/** What the address of a comparison says. */
export interface CompareView {
  readonly runs?: readonly string[] | undefined;
  readonly key?: MetricKey | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The curves that a comparison shows: many on one chart need fewer points each, and are there sooner. */
export function compareWindow({ runs = [], key = 'loss', from, to }: CompareView): MetricWindow {
  return { keys: [key], x: 'step', from, to, buckets: Math.min(400, Math.max(100, Math.floor(8000 / Math.max(1, runs.length)))) };
}
