import type { ClusterState, Job } from '@langevin/cluster-core';

/** The job of a name that has not ended yet, if there is one. */
export function liveJob(state: ClusterState, name: string): Job | undefined {
  return state.jobs.find(({ request, status }) => request.id === name && ['queued', 'starting', 'running'].includes(status.phase));
}
