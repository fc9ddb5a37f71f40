import { checkpointCopied, checkpointFailed, checkpointStored, storeFound, storeLost } from './checkpoint.js';
import { copyFailed } from './copying.js';
import { andThen, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import type { ClusterEvent } from './event.js';
import { fellBehind, joinIdle, stateFetched } from './joining.js';
import type { Job } from './job.js';
import { releaseIdle, trainerAttached, trainerDetached, trainerDraining } from './membership.js';
import { progress } from './progress.js';
import { jobCancelled, jobSubmitted, startNext } from './queue.js';
import { trainerFailed, trainerReady } from './readiness.js';
import { jobReopened, recovered, reopenFailed, tick } from './recovery.js';
import { stateReported } from './snapshot.js';
import type { ClusterState } from './state.js';
import { peerTrouble } from './trouble.js';
import { jobView } from './view.js';
import { prepared } from './voting.js';

/**
 * What follows from `event` in `state`: pure, the same arguments always give the same decision. It never throws for an
 * event that comes late, twice or from a stranger; it then changes nothing and its reason starts with `ignored:`.
 * `state` is left as it is; unchanged parts are shared with `next`.
 * @param nowMs the caller's clock, in ms; only differences count
 */
export function decide(state: ClusterState, event: ClusterEvent, nowMs: number): Decision {
  const reacted = react(state, event, nowMs);
  if (reacted.next === state) return reacted;
  const settled = [(next: ClusterState) => progress(next, nowMs), releaseIdle, startNext, joinIdle].reduce(andThen, reacted);
  return { ...settled, effects: [...settled.effects, ...changedJobs(state, settled.next)] };
}

function react(state: ClusterState, event: ClusterEvent, nowMs: number): Decision {
  switch (event.type) {
    case 'trainerAttached':
      return trainerAttached(state, event, nowMs);
    case 'trainerDetached':
      return trainerDetached(state, event, nowMs);
    case 'trainerDraining':
      return trainerDraining(state, event, nowMs);
    case 'tick':
      return tick(state, nowMs);
    case 'recovered':
      return recovered(state, event, nowMs);
    case 'jobSubmitted':
      return jobSubmitted(state, event.job);
    case 'jobCancelled':
      return jobCancelled(state, event);
    case 'jobReopened':
      return jobReopened(state, event);
    case 'reopenFailed':
      return reopenFailed(state, event);
    case 'trainerReady':
      return trainerReady(state, event);
    case 'trainerFailed':
      return trainerFailed(state, event, nowMs);
    case 'prepared':
      return prepared(state, event);
    case 'peerTrouble':
      return peerTrouble(state, event, nowMs);
    case 'stateFetched':
      return stateFetched(state, event);
    case 'fellBehind':
      return fellBehind(state, event, nowMs);
    case 'stateReported':
      return stateReported(state, event);
    case 'checkpointCopied':
      return checkpointCopied(state, event);
    case 'copyFailed':
      return copyFailed(state, event);
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

/** Only what its view shows of a job counts: who of a thousand trainers has prepared a step is no news. */
function changedJobs(before: ClusterState, after: ClusterState): Effect[] {
  if (before.jobs === after.jobs && before.trainers === after.trainers && before.storeOutage === after.storeOutage) return [];
  const earlier = new Map(before.jobs.map((job) => [job.request.id, job]));
  return after.jobs
    .filter((job) => {
      const old = earlier.get(job.request.id);
      if (old && before.storeOutage === after.storeOutage && sameFace(old, job)) return false;
      return JSON.stringify(jobView(before, job.request.id)) !== JSON.stringify(jobView(after, job.request.id));
    })
    .map(({ request }) => ({ type: 'jobChanged', jobId: request.id }));
}

/** Whether nothing but the votes of a running step differs, and how far joiners are. Those in the queue show who else is there. */
function sameFace(a: Job, b: Job): boolean {
  if (a.status.phase === 'queued' || b.status.phase === 'queued') return false;
  if (a === b) return true;
  if (a.status.phase !== 'running' || b.status.phase !== 'running') return false;
  const isStatus = sameNames(a.status.members, b.status.members) && sameNames(a.status.joiners, b.status.joiners) && a.status.stage.kind === b.status.stage.kind && a.status.stage.kind !== 'recovering' && a.status.stage.kind !== 'paused';
  return isStatus && a.committed === b.committed && a.storing === b.storing && a.copying === b.copying && a.checkpoint === b.checkpoint && a.status.relayed === b.status.relayed;
}

function sameNames(a: readonly { readonly name: string }[], b: readonly { readonly name: string }[]): boolean {
  return a === b || (a.length === b.length && a.every(({ name }, place) => b[place]?.name === name));
}
