import { checkpointCopied, checkpointFailed, checkpointStored, stateReported, storeFound, storeLost } from './checkpoint.js';
import { prepared } from './commit.js';
import { andThen, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import type { ClusterEvent } from './event.js';
import { heartbeat, noteLife, tick, trainerAttached, trainerDetached } from './membership.js';
import { jobCancelled, jobSubmitted, startNext } from './queue.js';
import { trainerFailed, trainerReady } from './readiness.js';
import { partialReceived, resultReady } from './reduction.js';
import type { ClusterState } from './state.js';
import { jobView } from './view.js';

/**
 * What follows from `event` in `state`: pure, the same arguments always give the same decision. It never throws for an
 * event that comes late, twice or from a stranger; it then changes nothing and its reason starts with `ignored:`.
 * `state` is left as it is; unchanged parts are shared with `next`.
 * @param nowMs the caller's clock, in ms; only differences count
 */
export function decide(state: ClusterState, event: ClusterEvent, nowMs: number): Decision {
  const heard = 'trainerId' in event ? noteLife(state, event.trainerId, nowMs) : state;
  const decision = react(heard, event, nowMs);
  const settled = changesQueue(state, decision.next) ? andThen(decision, startNext) : decision;
  return changesQueue(state, settled.next) ? { ...settled, effects: [...settled.effects, ...changedJobs(state, settled.next)] } : settled;
}

function react(state: ClusterState, event: ClusterEvent, nowMs: number): Decision {
  switch (event.type) {
    case 'trainerAttached':
      return trainerAttached(state, event, nowMs);
    case 'trainerDetached':
      return trainerDetached(state, event);
    case 'heartbeat':
      return heartbeat(state, event);
    case 'tick':
      return tick(state, nowMs);
    case 'jobSubmitted':
      return jobSubmitted(state, event.job);
    case 'jobCancelled':
      return jobCancelled(state, event);
    case 'trainerReady':
      return trainerReady(state, event);
    case 'trainerFailed':
      return trainerFailed(state, event);
    case 'partialReceived':
      return partialReceived(state, event);
    case 'resultReady':
      return resultReady(state, event);
    case 'prepared':
      return prepared(state, event);
    case 'stateReported':
      return stateReported(state, event);
    case 'checkpointCopied':
      return checkpointCopied(state, event);
    case 'checkpointStored':
      return checkpointStored(state, event);
    case 'checkpointFailed':
      return checkpointFailed(state, event);
    case 'storeLost':
      return storeLost(state, event);
    case 'storeFound':
      return storeFound(state);
  }
}

/** Whether trainers came or went, a job moved, or the store did: only then can a job start, or a view be another one. */
function changesQueue(before: ClusterState, after: ClusterState): boolean {
  return before.jobs !== after.jobs || before.trainers.length !== after.trainers.length || before.storeOutage !== after.storeOutage;
}

function changedJobs(before: ClusterState, after: ClusterState): Effect[] {
  return after.jobs
    .map((job) => job.request.id)
    .filter((id) => JSON.stringify(jobView(before, id)) !== JSON.stringify(jobView(after, id)))
    .map((jobId) => ({ type: 'jobChanged', jobId }));
}
