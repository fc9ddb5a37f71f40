import type { MetricWindow } from '../../api/metric-window.js';
import { shownKeys } from '../../charts/metric-titles.js';

/** More than a chart has pixels. */
const buckets = 800;

/** The curves that the page of a run shows. */
export function curvesWindow({ x = 'step', from, to }: { readonly x?: 'step' | 'time' | undefined; readonly from?: number | undefined; readonly to?: number | undefined }): MetricWindow {
  return { keys: shownKeys, x, from, to, buckets };
}
