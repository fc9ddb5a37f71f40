import { metricKeys, type MetricKey, type RunMetrics } from '@langevin/contracts/api';
import type { MetricsReader } from '@langevin/metrics';
import type { ApiClient } from '../api/api-client.js';
import type { LogPoint, RunHistory } from './log-entry.js';

/** The most points that the API gives at once: of longer runs it gives one for each bucket. */
const buckets = 10_000;

/** What a coordinator knows of a run. @throws LangevinError `run_unknown`, and as `ApiClient` */
export async function historyOfApi(client: ApiClient, run: string, signal?: AbortSignal): Promise<RunHistory> {
  const curves = (x: 'step' | 'time') => client.get('getRunMetrics', { params: { run }, query: { keys: metricKeys.join(','), x, buckets } }, signal);
  const [events, bySteps, byTime] = await Promise.all([
    client.all((query) => client.get('listRunEvents', { params: { run }, query }, signal)),
    curves('step'),
    curves('time'),
  ]);
  return { events, points: pointsOf(bySteps, byTime) };
}

/** What the store holds of a run. @throws LangevinError when it cannot be read */
export async function historyOfStore(reader: MetricsReader, run: string): Promise<RunHistory> {
  const [events, { rows }] = [await reader.events(run), await reader.rows(run)];
  return { events, points: Array.from({ length: rows.length }, (_, index) => rows.point(index)) };
}

/** Curves over steps and over time are of the same points only where each point is there: elsewhere their times are not known. */
function pointsOf(bySteps: RunMetrics, byTime: RunMetrics): LogPoint[] {
  const steps = bySteps.keys.loss?.x ?? [];
  const times = byTime.keys.loss?.x ?? [];
  const isWhole = steps.length > 0 && (steps.at(-1) ?? 0) - (steps[0] ?? 0) + 1 === steps.length && times.length >= steps.length;
  const value = (key: MetricKey, index: number): number => bySteps.keys[key]?.last[index] ?? 0;
  return steps.map((step, index) => ({
    step,
    time: isWhole ? new Date(times[index] ?? 0).toISOString() : null,
    loss: value('loss', index),
    gradientNorm: value('gradientNorm', index),
    learningRate: value('learningRate', index),
    imagesPerSecond: value('imagesPerSecond', index),
  }));
}
