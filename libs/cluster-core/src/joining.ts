import { numericsDifferences } from '@langevin/contracts';
import { counted } from './counted.js';
import { andThen, ignore, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import type { JobEvent, StepEvent } from './event.js';
import type { Job, Joiner, Running } from './job.js';
import { retried } from './loss.js';
import { assign, findLiveJob, findTrainer, names, trainerLabel, withJob } from './records.js';
import type { ClusterState, Trainer } from './state.js';

type EventOf<T extends StepEvent['type']> = Extract<StepEvent, { type: T }>;

/** From so many trainers at most a joiner fetches the state. */
const mostDonors = 4;

/** An idle trainer comes to the running job, if that has a virtual worker for it. */
export function joinRunning(state: ClusterState, trainer: Trainer): Decision {
  const job = findLiveJob(state);
  if (!job) return { next: state, effects: [], reason: '' };
  const { id, virtualWorkers } = job.request;
  if (job.status.phase !== 'running') return { next: state, effects: [], reason: `job "${id}" is starting without it: it joins when that runs` };
  const run = job.status;
  if (run.stage.kind === 'finishing') return { next: state, effects: [], reason: `job "${id}" is about to end: it waits for the next` };
  if (run.members.length + run.joiners.length >= virtualWorkers) {
    return { next: state, effects: [], reason: `it idles: job "${id}" has a trainer for each of its ${counted(virtualWorkers, 'virtual worker')}` };
  }
  const joiner: Joiner = { trainerId: trainer.id, name: trainer.name, incarnation: trainer.incarnation, progress: 'preparing', prepared: 0, retries: 0 };
  const next = assign(withJob(state, { ...job, status: { ...run, joiners: [...run.joiners, joiner] } }), [trainer.id], id);
  return { next, effects: [{ type: 'startJob', trainerId: trainer.id, jobId: id, joins: true }], reason: `it prepares to join job "${id}"` };
}

/** Every idle trainer comes to the job that has just begun to run. */
export function joinIdle(state: ClusterState): Decision {
  const idle = state.trainers.filter(({ jobId, draining }) => jobId === null && draining === null);
  return idle.reduce<Decision>((decision, trainer) => andThen(decision, (next) => joinRunning(next, trainer)), { next: state, effects: [], reason: '' });
}

/** A joiner is prepared: it gets the state at the next boundary, unless it computes other numbers. */
export function joinerReady(state: ClusterState, job: Job, run: Running, joiner: Joiner, event: Extract<JobEvent, { type: 'trainerReady' }>): Decision {
  if (joiner.progress !== 'preparing') return ignore(state, `${trainerLabel(joiner)} is ready already`);
  const differences = numericsDifferences(run.numericsClass, event.numerics);
  if (differences.length > 0) {
    const reason = `${trainerLabel(joiner)} computes other numbers: ${differences.join(', ')}`;
    const joiners = run.joiners.filter((other) => other !== joiner);
    const next = assign(withJob(state, { ...job, status: { ...run, joiners } }), [joiner.trainerId], null);
    return { next, effects: [{ type: 'refuseTrainer', trainerId: joiner.trainerId, jobId: job.request.id, code: 'numerics_mismatch', reason }], reason: `refused: ${reason}` };
  }
  const next = withJoiner(state, job, run, joiner, { ...joiner, progress: 'ready' });
  return { next, effects: [], reason: `${trainerLabel(joiner)} is ready to join job "${job.request.id}"` };
}

/** The job with the joiner as it is now; one that has paused looks again whether it can go on. */
function withJoiner(state: ClusterState, job: Job, run: Running, before: Joiner, now: Joiner): ClusterState {
  const joiners = run.joiners.map((other) => (other === before ? now : other));
  return withJob(state, { ...job, status: { ...run, joiners, stage: retried(run.stage) } });
}

/** Gives those who are prepared the state after the last committed step. One copy is shared at a time. */
export function shareStates(state: ClusterState, job: Job, run: Running): Decision {
  const waiting = run.joiners.filter(({ progress }) => progress === 'ready');
  if (waiting.length === 0 || run.sharing !== null) return { next: state, effects: [], reason: '' };
  const donors = run.members
    .filter(({ trainerId }) => findTrainer(state, trainerId)?.draining === null)
    .slice(0, mostDonors)
    .map(({ trainerId }) => trainerId);
  if (donors.length === 0) return { next: state, effects: [], reason: '' };
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

/** A joiner has the state and replays what came after it. */
export function stateFetched(state: ClusterState, event: EventOf<'stateFetched'>): Decision {
  const found = findJoiner(state, event);
  if (typeof found === 'string') return ignore(state, found);
  const { job, run, joiner } = found;
  if (joiner.progress !== 'fetching') return ignore(state, `${trainerLabel(joiner)} was told to fetch no state`);
  const fetched: Joiner = { ...joiner, progress: 'replaying', prepared: Math.max(joiner.prepared, event.step) };
  const noted: Decision = { next: withJoiner(state, job, run, joiner, fetched), effects: [], reason: `${trainerLabel(joiner)} has the state after step ${event.step}` };
  return andThen(noted, endSharing);
}

/** Its peers no longer keep what a joiner has to replay, or it could not fetch the state: once more, and then the job waits for it. */
export function fellBehind(state: ClusterState, event: EventOf<'fellBehind'>): Decision {
  const found = findJoiner(state, event);
  if (typeof found === 'string') return ignore(state, found);
  const { job, run, joiner } = found;
  if (joiner.progress !== 'fetching' && joiner.progress !== 'replaying') return ignore(state, `${trainerLabel(joiner)} has nothing to fall behind with`);
  const again: Joiner = { ...joiner, progress: 'ready', retries: joiner.retries + 1, prepared: 0 };
  const reason = `${trainerLabel(joiner)} fell behind at step ${event.step}: it fetches the state again, and the job waits for it`;
  return andThen({ next: withJoiner(state, job, run, joiner, again), effects: [], reason }, endSharing);
}

/** Joiners that are as far as the job take part from now on. */
export function admit(state: ClusterState, job: Job, run: Running): Decision {
  const arrived = run.joiners.filter(({ progress, prepared }) => progress === 'replaying' && prepared >= job.committed);
  if (arrived.length === 0) return { next: state, effects: [], reason: '' };
  const members = [...run.members, ...arrived.map(({ trainerId, name, incarnation }) => ({ trainerId, name, incarnation, ready: true }))];
  const joiners = run.joiners.filter((joiner) => !arrived.includes(joiner));
  return { next: withJob(state, { ...job, status: { ...run, members, joiners } }), effects: [], reason: `${names(arrived)} ${arrived.length === 1 ? 'takes' : 'take'} part from step ${job.committed + 1} on` };
}

/** The donors drop their copies when nobody fetches them any more. */
export function endSharing(state: ClusterState): Decision {
  const job = findLiveJob(state);
  if (job?.status.phase !== 'running') return { next: state, effects: [], reason: '' };
  const run = job.status;
  const { sharing } = run;
  if (sharing === null || run.joiners.some(({ progress }) => progress === 'fetching')) return { next: state, effects: [], reason: '' };
  const left = sharing.donors.filter((id) => run.members.some(({ trainerId }) => trainerId === id));
  return {
    next: withJob(state, { ...job, status: { ...run, sharing: null } }),
    effects: left.map((trainerId) => ({ type: 'dropState', trainerId, jobId: job.request.id, step: sharing.step })),
    reason: '',
  };
}

function findJoiner(state: ClusterState, { trainerId, jobId }: { readonly trainerId: string; readonly jobId: string }): { job: Job; run: Running; joiner: Joiner } | string {
  const job = findLiveJob(state);
  if (job?.request.id !== jobId || job.status.phase !== 'running') return `job "${jobId}" does not run`;
  const joiner = job.status.joiners.find((other) => other.trainerId === trainerId);
  return joiner ? { job, run: job.status, joiner } : `${trainerId} does not join job "${jobId}"`;
}
