import { counted } from './counted.js';
import type { Decision } from './decision.js';
import type { Effect } from './effect.js';
import type { Job, Joiner, Running } from './job.js';
import { findTrainer, names, seatOf, withJob } from './records.js';
import { nothing } from './running.js';
import type { ClusterState } from './state.js';

/** From so many trainers at most a joiner fetches the state. */
const mostDonors = 4;

/** Gives those who are prepared the state after the last committed step. One copy is shared at a time. */
export function shareStates(state: ClusterState, job: Job, run: Running): Decision {
  const waiting = run.joiners.filter(({ progress }) => progress === 'ready');
  if (waiting.length === 0 || run.sharing !== null) return nothing(state);
  const donors = run.members
    .filter(({ trainerId }) => findTrainer(state, trainerId)?.draining === null)
    .slice(0, mostDonors)
    .map(({ trainerId }) => trainerId);
  if (donors.length === 0) return nothing(state);
  const jobId = job.request.id;
  const { committed: step, chain } = job;
  const joiners = run.joiners.map((joiner): Joiner => (joiner.progress === 'ready' ? { ...joiner, progress: 'fetching', prepared: 0 } : joiner));
  const effects: Effect[] = [
    ...donors.map((trainerId, part): Effect => ({ type: 'shareState', trainerId, jobId, step, part, parts: donors.length })),
    ...waiting.map(({ trainerId }): Effect => ({ type: 'fetchState', trainerId, jobId, step, chain, donors })),
  ];
  const next = withJob(state, { ...job, status: { ...run, joiners, sharing: { step, donors } } });
  return { next, effects, reason: `${names(waiting)} fetches the state after step ${step} from ${counted(donors.length, 'trainer')}` };
}

/** The donors drop their copies when nobody fetches them any more. When one of them is gone, its part is: whoever was fetching begins anew. */
export function settleSharing(state: ClusterState, job: Job, run: Running): Decision {
  const { sharing, members } = run;
  if (sharing === null) return nothing(state);
  const left = sharing.donors.filter((id) => seatOf(members, id) >= 0);
  const fetching = run.joiners.filter(({ progress }) => progress === 'fetching');
  if (left.length === sharing.donors.length && fetching.length > 0) return nothing(state);
  const joiners = run.joiners.map((joiner): Joiner => (joiner.progress === 'fetching' ? { ...joiner, progress: 'ready', prepared: 0 } : joiner));
  return {
    next: withJob(state, { ...job, status: { ...run, joiners, sharing: null } }),
    effects: left.map((trainerId) => ({ type: 'dropState', trainerId, jobId: job.request.id, step: sharing.step })),
    reason: fetching.length > 0 ? `${names(fetching)} fetches the state anew: a part of it is lost` : '',
  };
}
