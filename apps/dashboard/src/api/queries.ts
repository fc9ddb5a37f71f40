import { endpoints } from '@langevin/contracts/api';
import type { MetricKey } from '@langevin/contracts/api';
import { queryOptions } from '@tanstack/react-query';
import { call, callAll } from './call.js';
import { metricsEndpoint } from './metrics-endpoint.js';

/** The window of a curve that is asked for. */
export interface MetricWindow {
  readonly keys: readonly MetricKey[];
  readonly x: 'step' | 'time';
  /** First and last x to show, in the unit of `x`; left out: from the first, to the newest. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly buckets: number;
}

/** Every run, newest change first. */
export const runsQuery = queryOptions({ queryKey: ['runs'], queryFn: ({ signal }) => callAll(endpoints.listRuns, { signal }) });

/** One run with its spec. */
export const runQuery = (run: string) =>
  queryOptions({ queryKey: ['run', run, 'detail'], queryFn: ({ signal }) => call(endpoints.getRun, { params: { run }, signal }) });

/** What happened to a run, oldest first. */
export const runEventsQuery = (run: string) =>
  queryOptions({ queryKey: ['run', run, 'events'], queryFn: ({ signal }) => callAll(endpoints.listRunEvents, { params: { run }, signal }) });

/** A run's checkpoints, newest first. */
export const checkpointsQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run, 'checkpoints'],
    queryFn: ({ signal }) => callAll(endpoints.listRunCheckpoints, { params: { run }, signal }),
  });

/** Which sample pictures of a run there are. */
export const samplesQuery = (run: string) =>
  queryOptions({ queryKey: ['run', run, 'samples'], queryFn: ({ signal }) => call(endpoints.getRunSamples, { params: { run }, signal }) });

/** Curves of a run in a window. The last window stays on screen until the next has come. */
export const metricsQuery = (run: string, window: MetricWindow) =>
  queryOptions({
    queryKey: ['run', run, 'metrics', window] as const,
    queryFn: ({ signal }) => {
      const { keys, ...rest } = window;
      return call(metricsEndpoint, { params: { run }, query: { ...rest, keys: keys.join(',') }, signal });
    },
    placeholderData: (last, query) => {
      const key = query?.queryKey;
      return key !== undefined && key[1] === run && key[3].x === window.x ? last : undefined;
    },
  });

/** Every model. */
export const modelsQuery = queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => callAll(endpoints.listModels, { signal }) });

/** One model with versions, aliases and history. */
export const modelQuery = (name: string) =>
  queryOptions({ queryKey: ['model', name], queryFn: ({ signal }) => call(endpoints.getModel, { params: { name }, signal }) });

/** Every attached trainer. */
export const nodesQuery = queryOptions({ queryKey: ['nodes'], queryFn: ({ signal }) => callAll(endpoints.listNodes, { signal }) });

/** The job specifications to begin with. */
export const recipesQuery = queryOptions({
  queryKey: ['recipes'],
  queryFn: ({ signal }) => callAll(endpoints.listRecipes, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A request for samples. */
export const sampleJobQuery = (id: string) =>
  queryOptions({ queryKey: ['sample', id], queryFn: ({ signal }) => call(endpoints.getSamples, { params: { id }, signal }) });
