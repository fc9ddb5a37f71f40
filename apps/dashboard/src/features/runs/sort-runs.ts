import type { RunPhase, RunSummary } from '@langevin/contracts/api';

/** What runs can be sorted by. */
export type RunSortKey = 'name' | 'updatedAt' | 'step' | 'loss' | 'imagesPerSecond';
/** A leading `-` reverses. */
export type RunSort = RunSortKey | `-${RunSortKey}`;

/** Which runs are shown. */
export interface RunFilter {
  /** Part of the name or of the dataset's; case does not matter. */
  readonly q?: string | undefined;
  readonly phase?: RunPhase | undefined;
}

/** The runs that pass the filter, sorted; those without the value come last either way, and equal ones by name. */
export function selectRuns(runs: readonly RunSummary[], { q = '', phase }: RunFilter, sort: RunSort): RunSummary[] {
  const wanted = q.trim().toLowerCase();
  const shown = runs.filter(
    (run) => (phase === undefined || run.phase === phase) && (run.name.toLowerCase().includes(wanted) || run.dataset.toLowerCase().includes(wanted)),
  );
  const descending = sort.startsWith('-');
  const key = (descending ? sort.slice(1) : sort) as RunSortKey; // the type of `sort` allows no other rest
  return shown.sort((a, b) => compare(a[key], b[key], descending) || compare(a.name, b.name, false));
}

/** The next sort after a click on a column's head: first the useful way round, then the other. */
export function toggleSort(current: RunSort, key: RunSortKey): RunSort {
  const first: RunSort = key === 'name' || key === 'loss' ? key : `-${key}`;
  const second: RunSort = first === key ? `-${key}` : key;
  return current === first ? second : first;
}

function compare(a: string | number | null, b: string | number | null, descending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return (a < b ? -1 : 1) * (descending ? -1 : 1);
}
