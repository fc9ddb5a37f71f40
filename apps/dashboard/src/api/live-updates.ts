import type { CheckpointInfo, LiveEvent, ManyMetrics, MetricPoint, RunDetail, RunEvent, RunMetrics, RunSummary, SampleMatrix } from '@langevin/contracts/api';
import type { QueryClient } from '@tanstack/react-query';
import { appendPoints } from './append-points.js';
import { checkpointsQuery, nodesQuery, runEventsQuery, runQuery, runsQuery, sampleJobQuery, samplesQuery } from './queries.js';
import type { MetricWindow } from './metric-window.js';

/** Puts what the coordinator said into the cache, so that every page that shows it follows. */
export function applyLiveEvent(cache: QueryClient, event: LiveEvent): void {
  switch (event.name) {
    case 'run':
      return applyRun(cache, event.data);
    case 'metrics':
      return applyMetrics(cache, event.data.run, event.data.points);
    case 'runEvent':
      return applyRunEvent(cache, event.data.run, event.data.event);
    case 'checkpoint':
      return applyCheckpoint(cache, event.data.run, event.data.checkpoint);
    case 'samples':
      return refetch(cache, samplesQuery(event.data.run).queryKey);
    case 'drawing':
      cache.setQueryData(samplesQuery(event.data.run).queryKey, (old: SampleMatrix | undefined) => old && { ...old, drawing: event.data.drawing });
      return;
    case 'model':
      refetch(cache, ['models']);
      return refetch(cache, ['model', event.data.name]);
    case 'nodes':
      cache.setQueryData(nodesQuery.queryKey, event.data);
      return;
    case 'sample':
      cache.setQueryData(sampleJobQuery(event.data.id).queryKey, event.data);
      return;
    case 'reset':
      return refetch(cache, []);
  }
}

function refetch(cache: QueryClient, queryKey: readonly unknown[]): void {
  void cache.invalidateQueries({ queryKey });
}

function applyRun(cache: QueryClient, run: RunSummary): void {
  cache.setQueryData(runsQuery.queryKey, (runs: RunSummary[] | undefined) => {
    if (!runs) return runs;
    const known = runs.some(({ name }) => name === run.name);
    return known ? runs.map((old) => (old.name === run.name ? run : old)) : [run, ...runs];
  });
  cache.setQueryData(runQuery(run.name).queryKey, (old: RunDetail | undefined) => old && { ...old, ...run });
}

function applyRunEvent(cache: QueryClient, run: string, event: RunEvent): void {
  cache.setQueryData(runEventsQuery(run).queryKey, (old: RunEvent[] | undefined) =>
    old && !old.some(({ seq }) => seq === event.seq) ? [...old, event] : old,
  );
  // Another attempt supersedes the steps after the one that it continued from: those curves are to be read again.
  if (event.kind === 'resumed' || event.kind === 'started') {
    refetch(cache, ['run', run, 'metrics']);
    refetch(cache, ['metrics']);
    refetch(cache, runQuery(run).queryKey);
  }
}

function applyCheckpoint(cache: QueryClient, run: string, checkpoint: CheckpointInfo): void {
  cache.setQueryData(checkpointsQuery(run).queryKey, (old: CheckpointInfo[] | undefined) =>
    old && [checkpoint, ...old.filter(({ digest }) => digest !== checkpoint.digest)].sort((a, b) => b.step - a.step),
  );
  // The digest of the newest weights stands with the run.
  refetch(cache, runQuery(run).queryKey);
}

function applyMetrics(cache: QueryClient, run: string, points: readonly MetricPoint[]): void {
  for (const query of cache.getQueryCache().findAll({ queryKey: ['run', run, 'metrics'] })) {
    const window = query.queryKey[3] as MetricWindow; // metricsQuery put it there
    const old = query.state.data as RunMetrics | undefined; // what metricsQuery fetches
    if (!old) continue;
    const grown = appendPoints(old, window, points);
    if (grown === undefined) refetch(cache, query.queryKey);
    else if (grown !== old) cache.setQueryData(query.queryKey, grown);
  }
  for (const query of cache.getQueryCache().findAll({ queryKey: ['metrics'] })) {
    const window = query.queryKey[2] as MetricWindow; // manyMetricsQuery put it there
    const runs = query.state.data as ManyMetrics['runs'] | undefined; // what manyMetricsQuery fetches
    const old = runs?.[run];
    if (!old) continue;
    const grown = appendPoints(old, window, points);
    if (grown === undefined) refetch(cache, query.queryKey);
    else if (grown !== old) cache.setQueryData(query.queryKey, { ...runs, [run]: grown });
  }
}
