import type { ManyMetrics, MetricKey, MetricSeries, RunMetrics } from '@langevin/contracts/api';

/**
 * Curves of an answer, looked at by hand: element by element a schema takes a hundred times as long, which is felt while zooming.
 * @returns undefined for what is none
 */
export function readRunMetrics(answer: unknown): RunMetrics | undefined {
  if (!isObject(answer)) return undefined;
  const { x, keys, lastStep } = answer;
  if ((x !== 'step' && x !== 'time') || !isObject(keys) || !(lastStep === null || typeof lastStep === 'number')) return undefined;
  const series: Partial<Record<MetricKey, MetricSeries>> = {};
  for (const [key, value] of Object.entries(keys)) {
    if (!isSeries(value)) return undefined;
    series[key as MetricKey] = value; // A key that the page does not know is never looked up.
  }
  return { x, keys: series, lastStep };
}

/** Curves of several runs. @returns undefined for what is none */
export function readManyMetrics(answer: unknown): ManyMetrics | undefined {
  if (!isObject(answer) || !isObject(answer['runs'])) return undefined;
  const runs: ManyMetrics['runs'] = {};
  for (const [name, value] of Object.entries(answer['runs'])) {
    const metrics = readRunMetrics(value);
    if (!metrics) return undefined;
    runs[name] = metrics;
  }
  return { runs };
}

function isSeries(value: unknown): value is MetricSeries {
  return isObject(value) && [value['x'], value['min'], value['max'], value['last']].every(isNumbers);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'number');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
