import { andThen, type Decision } from './decision.js';
import type { Job, Running } from './job.js';
import { findLiveJob } from './records.js';
import type { ClusterState } from './state.js';

/** Nothing happens, and nothing is said. */
export function nothing(next: ClusterState): Decision {
  return { next, effects: [], reason: '' };
}

/** Then what `follow` decides about the job that runs; nothing when none does any more. */
export function andThenRunning(decision: Decision, follow: (state: ClusterState, job: Job, run: Running) => Decision): Decision {
  return andThen(decision, (next) => whileRunning(next, follow));
}

/** What `follow` decides about the job that runs; nothing when none does. */
export function whileRunning(state: ClusterState, follow: (state: ClusterState, job: Job, run: Running) => Decision): Decision {
  const job = findLiveJob(state);
  return job?.status.phase === 'running' ? follow(state, job, job.status) : nothing(state);
}
