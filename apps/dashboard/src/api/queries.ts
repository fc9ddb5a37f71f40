import type { ManyMetrics, RunMetrics } from '@langevin/contracts/api';
import { queryOptions } from '@tanstack/react-query';
import { call, callAll, callRaw, unexpected } from './call.js';
import { windowQuery } from './metric-window.js';
import type { MetricWindow } from './metric-window.js';
import { readManyMetrics, readRunMetrics } from './read-metrics.js';

/** Every run, newest change first. */
export const runsQuery = queryOptions({ queryKey: ['runs'], queryFn: ({ signal }) => callAll('listRuns', { signal }) });

/** One run with its spec. */
export const runQuery = (run: string) => queryOptions({ queryKey: ['run', run, 'detail'], queryFn: ({ signal }) => call('getRun', { params: { run }, signal }) });

/** What happened to a run, oldest first. */
export const runEventsQuery = (run: string) =>
  queryOptions({ queryKey: ['run', run, 'events'], queryFn: ({ signal }) => callAll('listRunEvents', { params: { run }, signal }) });

/** A run's checkpoints, newest first. */
export const checkpointsQuery = (run: string) =>
  queryOptions({ queryKey: ['run', run, 'checkpoints'], queryFn: ({ signal }) => callAll('listRunCheckpoints', { params: { run }, signal }) });

/** Which sample pictures of a run there are, and which are to come. */
export const samplesQuery = (run: string) =>
  queryOptions({ queryKey: ['run', run, 'samples'], queryFn: ({ signal }) => call('getRunSamples', { params: { run }, signal }) });

/** Curves of a run in a window. The last window stays on screen until the next has come. */
export const metricsQuery = (run: string, window: MetricWindow) =>
  queryOptions({
    queryKey: ['run', run, 'metrics', window] as const,
    queryFn: async ({ signal }): Promise<RunMetrics> => {
      const answer = await callRaw('getRunMetrics', { params: { run }, query: windowQuery(window), signal });
      const metrics = readRunMetrics(answer);
      if (!metrics) throw unexpected('getRunMetrics', answer);
      return metrics;
    },
    placeholderData: (last, query) => {
      const key = query?.queryKey;
      return key !== undefined && key[1] === run && key[3].x === window.x ? last : undefined;
    },
  });

/** Curves of several runs in one window, by the name of the run; one that is not there is left out. */
export const manyMetricsQuery = (runs: readonly string[], window: MetricWindow) =>
  queryOptions({
    queryKey: ['metrics', runs, window] as const,
    queryFn: async ({ signal }): Promise<ManyMetrics['runs']> => {
      const answer = await callRaw('getMetrics', { query: { ...windowQuery(window), runs: runs.join(',') }, signal });
      const metrics = readManyMetrics(answer);
      if (!metrics) throw unexpected('getMetrics', answer);
      return metrics.runs;
    },
    enabled: runs.length > 0,
    placeholderData: (last, query) => (query?.queryKey[2].keys[0] === window.keys[0] ? last : undefined),
  });

/** Every model. */
export const modelsQuery = queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => callAll('listModels', { signal }) });

/** One model with versions, aliases and history. */
export const modelQuery = (name: string) => queryOptions({ queryKey: ['model', name], queryFn: ({ signal }) => call('getModel', { params: { name }, signal }) });

/** Every attached trainer. */
export const nodesQuery = queryOptions({ queryKey: ['nodes'], queryFn: ({ signal }) => callAll('listNodes', { signal }) });

/** The job specifications to begin with. */
export const recipesQuery = queryOptions({ queryKey: ['recipes'], queryFn: ({ signal }) => callAll('listRecipes', { signal }), staleTime: Number.POSITIVE_INFINITY });

/** A request for samples. */
export const sampleJobQuery = (id: string) => queryOptions({ queryKey: ['sample', id], queryFn: ({ signal }) => call('getSamples', { params: { id }, signal }) });
