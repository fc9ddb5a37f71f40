import type { MetricKey, MetricSeries } from '@langevin/contracts/api';
import { seedOf, seeded } from './random.js';

/** The columns of a run: one row a step, from step 1 on. */
export interface Columns {
  readonly step: Float64Array;
  /** Milliseconds since 1970. */
  readonly time: Float64Array;
  readonly loss: Float64Array;
  readonly learningRate: Float64Array;
  readonly gradientNorm: Float64Array;
  readonly imagesPerSecond: Float64Array;
}

/** What the curves of a run follow from. */
export interface CurvePlan {
  readonly run: string;
  readonly points: number;
  readonly startMs: number;
  readonly learningRate: number;
  readonly warmup: number;
}

const msPerStep = 352;

/** Curves that look like those of a training: a loss that falls, noise that shrinks with it, a spike here and there. */
export function makeColumns({ run, points, startMs, learningRate, warmup }: CurvePlan): Columns {
  const random = seeded(seedOf(run));
  const normal = () => random() + random() + random() + random() - 2;
  const column = () => new Float64Array(points);
  const columns: Columns = { step: column(), time: column(), loss: column(), learningRate: column(), gradientNorm: column(), imagesPerSecond: column() };
  const floor = 0.018 + random() * 0.012;
  const pace = points * (0.03 + random() * 0.03);
  let time = startMs;
  for (let i = 0; i < points; i += 1) {
    const spike = random() < 0.0012 ? 1 + random() * 3 : 0;
    const level = floor + 0.95 * Math.exp(-i / (pace * 0.12)) + 0.06 * Math.exp(-i / pace);
    time += msPerStep * (1 + 0.05 * normal()) + (random() < 0.0008 ? 4000 : 0);
    columns.step[i] = i + 1;
    columns.time[i] = Math.round(time);
    columns.loss[i] = level * Math.exp(0.16 * normal()) * (1 + spike);
    columns.learningRate[i] = learningRate * Math.min(1, (i + 1) / warmup);
    columns.gradientNorm[i] = (0.12 + 1.6 * Math.exp(-i / (pace * 0.3))) * Math.exp(0.3 * normal()) * (1 + 2 * spike);
    columns.imagesPerSecond[i] = i === 0 ? 0 : 182 * (1 + 0.03 * normal()) * (random() < 0.004 ? 0.6 : 1);
  }
  return columns;
}

/** A stretch of a curve. */
export interface Stretch {
  readonly x: 'step' | 'time';
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly buckets: number;
}

/** The first `rows` rows of a column in buckets of equal numbers of rows: least, greatest and last of each. */
export function bucketed(columns: Columns, rows: number, key: MetricKey, { x, from, to, buckets }: Stretch): MetricSeries {
  const xs = columns[x].subarray(0, rows);
  const start = from === undefined ? 0 : lowerBound(xs, from);
  const end = to === undefined ? rows : lowerBound(xs, to + 0.5);
  const per = Math.max(1, Math.ceil((end - start) / buckets));
  const values = columns[key];
  const series: MetricSeries = { x: [], min: [], max: [], last: [] };
  for (let row = start; row < end; row += per) {
    const last = Math.min(end, row + per) - 1;
    const { min, max } = extremes(values, row, last);
    series.x.push(xs[last] ?? 0);
    series.min.push(min);
    series.max.push(max);
    series.last.push(values[last] ?? 0);
  }
  return series;
}

function extremes(values: Float64Array, first: number, last: number): { readonly min: number; readonly max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (let row = first; row <= last; row += 1) {
    const value = values[row] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

function lowerBound(xs: Float64Array, value: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
