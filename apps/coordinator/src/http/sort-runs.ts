import type { RunSummary } from '@langevin/contracts/api';

/** How a list of runs is cut and ordered. */
export interface RunsQuery {
  readonly q?: string | undefined;
  readonly phase?: RunSummary['phase'] | undefined;
  readonly sort: 'name' | '-name' | 'updatedAt' | '-updatedAt' | 'step' | '-step' | 'loss' | '-loss';
}

/** Those that match, in their order; runs that train come first where the newest do, and unknown values come last. */
export function sortRuns(runs: readonly RunSummary[], { q = '', phase, sort }: RunsQuery): RunSummary[] {
  const isReversed = sort.startsWith('-');
  const key = sort.replace('-', '') as 'name' | 'updatedAt' | 'step' | 'loss'; // What is left of the union.
  const wanted = runs.filter((run) => run.name.includes(q.toLowerCase()) && (phase === undefined || run.phase === phase));
  return wanted.sort((a, b) => compare(a[key], b[key], isReversed) || (a.name < b.name ? -1 : 1));
}

function compare(a: string | number | null, b: string | number | null, isReversed: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return (a < b ? -1 : 1) * (isReversed ? -1 : 1);
}
