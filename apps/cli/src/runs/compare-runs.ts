import { canonicalJson } from '@langevin/contracts';
import { metricKeys, type MetricKey, type MetricPoint } from '@langevin/contracts/api';
import { table } from '../output.js';
import { flattenSpec, valueText } from './flat-spec.js';
import type { RunArchive } from './run-archive.js';
import { numberText } from './run-text.js';
import { readStoredRun, summaryOf, type StoredRun } from './stored-run.js';

/** What was recorded of each run at a step; null for a run without it. */
export type PointsOfRuns = readonly (MetricPoint | null)[];

/** Some runs, side by side; every list is in the order of `runs`. */
export interface RunComparison {
  readonly runs: readonly StoredRun[];
  /** Where their specifications differ; null for a value that is absent. */
  readonly spec: readonly { readonly path: string; readonly values: readonly unknown[] }[];
  /** The newest step that was recorded of every run; null when there is none. */
  readonly commonStep: number | null;
  readonly atCommonStep: PointsOfRuns;
  readonly atEnd: PointsOfRuns;
}

/** Compares runs. @throws LangevinError `run_unknown`; when the store cannot be read */
export async function compareRuns(archive: RunArchive, names: readonly string[]): Promise<RunComparison> {
  const runs = await Promise.all(names.map((name) => readStoredRun(archive, name)));
  const curves = await Promise.all(names.map(async (name) => (await archive.metrics.rows(name)).rows));
  const commonStep = newestCommonStep(curves.map((rows) => rows.column('step')));
  return {
    runs: runs.map(summaryOf),
    spec: differingValues(runs.map(({ spec }) => spec)),
    commonStep,
    atCommonStep: curves.map((rows) => (commonStep === null ? null : rows.point(rows.lowerBound(commonStep)))),
    atEnd: curves.map((rows) => (rows.length === 0 ? null : rows.point(rows.length - 1))),
  };
}

/** The paths at which specifications differ, with the value of each; the name always does. */
export function differingValues(specs: readonly unknown[]): RunComparison['spec'] {
  const flat = specs.map((spec) => flattenSpec(spec));
  const paths = new Set(flat.flatMap((spec) => [...spec.keys()]));
  paths.delete('name');
  const rows = [...paths].map((path) => ({ path, values: flat.map((spec) => spec.get(path) ?? null) }));
  return rows.filter(({ values }) => new Set(values.map(canonicalJson)).size > 1);
}

/** The newest step that is in each ascending list; a damaged segment leaves a gap in a curve. */
export function newestCommonStep(curves: readonly ArrayLike<number>[]): number | null {
  const at = curves.map(({ length }) => length - 1);
  const stepsAt = (): number[] => curves.map((steps, index) => steps[at[index] ?? -1] ?? -1);
  for (let steps = stepsAt(); ; steps = stepsAt()) {
    const least = Math.min(...steps);
    if (least < 0) return null;
    if (steps.every((step) => step === least)) return least;
    steps.forEach((step, index) => step > least && (at[index] = (at[index] ?? 0) - 1));
  }
}

const labels: Readonly<Record<MetricKey, string>> = { loss: 'loss', gradientNorm: 'gradient norm', learningRate: 'learning rate', imagesPerSecond: 'images/s' };

/** A comparison as two tables. */
export function comparisonText({ runs, spec, commonStep, atCommonStep, atEnd }: RunComparison): string {
  const names = runs.map(({ name }) => name);
  const differences = spec.length === 0 ? 'the specifications differ in nothing but the name' : table(['SPECIFICATION', ...names], spec.map(({ path, values }) => [path, ...values.map(valueText)]));
  const metrics = (points: PointsOfRuns, where: string) => metricKeys.map((key) => [`${labels[key]} ${where}`, ...points.map((point) => numberText(point?.[key]))]);
  const rows = [
    ['phase', ...runs.map(({ phase }) => phase ?? '–')],
    ['step', ...runs.map(({ step, totalSteps }) => `${step}/${totalSteps}`)],
    ['checkpoints', ...runs.map(({ checkpoints }) => String(checkpoints))],
    ...(commonStep === null ? [] : metrics(atCommonStep, `at step ${commonStep}`)),
    ...metrics(atEnd, 'at the end'),
  ];
  return [differences, table(['RESULT', ...names], rows)].join('\n\n');
}
