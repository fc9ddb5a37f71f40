import { numericsDifferences } from '@langevin/contracts';
import { counted } from './counted.js';
import { andThen, ignore, type Decision } from './decision.js';
import type { JobEvent, StepEvent } from './event.js';
import type { Job, Joiner, Member, Running } from './job.js';
import { foundOnce } from './lookup.js';
import { isAbreast, leaveJob, retried } from './loss.js';
import { assign, findLiveJob, names, seatOf, trainerLabel, withJob } from './records.js';
import { nothing, whileRunning } from './running.js';
import type { ClusterState, Trainer } from './state.js';

type EventOf<T extends StepEvent['type']> = Extract<StepEvent, { type: T }>;

/** A joiner that has fallen behind so often is given up: the job does not wait for it for ever. */
const mostRetries = 3;

/** An idle trainer comes to the running job, if that has a virtual worker for it. */
export function joinRunning(state: ClusterState, trainer: Trainer): Decision {
  const job = findLiveJob(state);
  if (!job) return nothing(state);
  const { id, virtualWorkers } = job.request;
  if (job.status.phase !== 'running') return { next: state, effects: [], reason: `job "${id}" is starting without it: it joins when that runs` };
  const run = job.status;
  if (run.stage.kind === 'finishing') return { next: state, effects: [], reason: `job "${id}" is about to end: it waits for the next` };
  if (job.barred.includes(trainer.incarnation)) return { next: state, effects: [], reason: `it idles: job "${id}" does without it after what it did there` };
  if (!hasRoom(job, run)) return { next: state, effects: [], reason: `it idles: job "${id}" has a trainer for each of its ${counted(virtualWorkers, 'virtual worker')}` };
  const joiner = joinerOf({ trainerId: trainer.id, name: trainer.name, incarnation: trainer.incarnation });
  const next = assign(withJob(state, { ...job, status: { ...run, joiners: [...run.joiners, joiner] } }), [trainer.id], id);
  return { next, effects: [{ type: 'startJob', trainerId: trainer.id, jobId: id, joins: true }], reason: `it prepares to join job "${id}"` };
}

/** A trainer as it begins to join. */
export function joinerOf({ trainerId, name, incarnation }: Pick<Member, 'trainerId' | 'name' | 'incarnation'>): Joiner {
  return { trainerId, name, incarnation, progress: 'preparing', prepared: 0, digest: '', retries: 0 };
}

function hasRoom({ request }: Job, { members, joiners, stage }: Running): boolean {
  const expected = stage.kind === 'recovering' ? stage.expected.length : 0;
  return members.length + joiners.length + expected < request.virtualWorkers;
}

/** Idle trainers come to the job that runs when it has a place for them: it has just begun, or somebody has left. */
export function joinIdle(state: ClusterState): Decision {
  const job = findLiveJob(state);
  if (job?.status.phase !== 'running' || job.status.stage.kind === 'finishing' || !hasRoom(job, job.status)) return nothing(state);
  const idle = idleOf(state.trainers).filter(({ incarnation }) => !job.barred.includes(incarnation));
  return idle.reduce((decision, trainer) => {
    return andThen(decision, (next) => {
      const joined = joinRunning(next, trainer);
      return joined.next === next ? nothing(next) : { ...joined, reason: `${trainerLabel(trainer)} was idle: ${joined.reason}` };
    });
  }, nothing(state));
}

const idleOf = foundOnce((trainers: readonly Trainer[]) => trainers.filter(({ jobId, draining }) => jobId === null && draining === null));

/** A joiner is prepared: it gets the state at the next boundary, unless it computes other numbers. */
export function joinerReady(state: ClusterState, job: Job, run: Running, joiner: Joiner, event: Extract<JobEvent, { type: 'trainerReady' }>): Decision {
  if (joiner.progress !== 'preparing') return ignore(state, `${trainerLabel(joiner)} is ready already`);
  const differences = numericsDifferences(run.numericsClass, event.numerics);
  if (differences.length > 0) {
    const reason = `${trainerLabel(joiner)} computes other numbers: ${differences.join(', ')}`;
    const next = withoutJoiner(state, job, run, joiner);
    return { next, effects: [{ type: 'refuseTrainer', trainerId: joiner.trainerId, jobId: job.request.id, code: 'numerics_mismatch', reason }], reason: `refused: ${reason}` };
  }
  const next = withJoiner(state, job, run, joiner, { ...joiner, progress: 'ready' });
  return { next, effects: [], reason: `${trainerLabel(joiner)} is ready to join job "${job.request.id}"` };
}

/** It idles from now on. */
function withoutJoiner(state: ClusterState, job: Job, run: Running, joiner: Joiner): ClusterState {
  const joiners = run.joiners.filter((other) => other !== joiner);
  const without = { ...job, barred: [...job.barred, joiner.incarnation], status: { ...run, joiners, stage: retried(run.stage) } };
  return assign(withJob(state, without), [joiner.trainerId], null);
}

/** The job with the joiner as it is now; one that has paused looks again whether it can go on. */
function withJoiner(state: ClusterState, job: Job, run: Running, before: Joiner, now: Joiner): ClusterState {
  const joiners = run.joiners.map((other) => (other === before ? now : other));
  return withJob(state, { ...job, status: { ...run, joiners, stage: retried(run.stage) } });
}

/** A joiner has the state and replays what came after it. */
export function stateFetched(state: ClusterState, event: EventOf<'stateFetched'>): Decision {
  const found = findJoiner(state, event);
  if (typeof found === 'string') return ignore(state, found);
  const { job, run, joiner } = found;
  const { step } = event;
  // It may have been told of a newer state meanwhile, and be fetching that.
  if (joiner.progress !== 'fetching' || run.sharing?.step !== step) return ignore(state, `${trainerLabel(joiner)} was not to fetch the state after step ${step}`);
  const fetched: Joiner = { ...joiner, progress: 'replaying', ...(joiner.prepared > step ? {} : { prepared: step, digest: job.chain }) };
  return { next: withJoiner(state, job, run, joiner, fetched), effects: [], reason: `${trainerLabel(joiner)} has the state after step ${step}` };
}

/** Its peers no longer keep what a joiner has to replay, or it could not fetch the state: once more, and the job waits for it then. */
export function fellBehind(state: ClusterState, event: EventOf<'fellBehind'>, nowMs: number): Decision {
  const member = findMember(state, event);
  if (member) return leaveAndRejoin(state, member, event.step, nowMs);
  const found = findJoiner(state, event);
  if (typeof found === 'string') return ignore(state, found);
  const { job, run, joiner } = found;
  if (joiner.progress !== 'fetching' && joiner.progress !== 'replaying') return ignore(state, `${trainerLabel(joiner)} has nothing to fall behind with`);
  if (joiner.retries === mostRetries) {
    const reason = `${trainerLabel(joiner)} fell behind ${joiner.retries + 1} times: job "${job.request.id}" does without it`;
    return { next: withoutJoiner(state, job, run, joiner), effects: [{ type: 'stopJob', trainerId: joiner.trainerId, jobId: job.request.id, reason }], reason };
  }
  const again: Joiner = { ...joiner, progress: 'ready', retries: joiner.retries + 1, prepared: 0 };
  const reason = `${trainerLabel(joiner)} fell behind at step ${event.step}: it fetches the state again, and the job waits for it`;
  return { next: withJoiner(state, job, run, joiner, again), effects: [], reason };
}

/** Joiners that are as far as the job take part from now on. */
export function admit(state: ClusterState, job: Job, run: Running): Decision {
  const arrived = run.joiners.filter((joiner) => isAbreast(joiner, job));
  if (arrived.length === 0) return nothing(state);
  const members = [...run.members, ...arrived.map(memberOf)];
  const joiners = run.joiners.filter((joiner) => !arrived.includes(joiner));
  return { next: withJob(state, { ...job, status: { ...run, members, joiners } }), effects: [], reason: `${names(arrived)} ${arrived.length === 1 ? 'takes' : 'take'} part from step ${job.committed + 1} on` };
}

function memberOf({ trainerId, name, incarnation }: Joiner): Member {
  return { trainerId, name, incarnation, ready: true };
}

/** It was taken for one that has the state, and has not: a message had crossed another. */
function leaveAndRejoin(state: ClusterState, { trainerId, name, incarnation }: Member, step: number, nowMs: number): Decision {
  const why = `fell behind at step ${step}`;
  const left = leaveJob(state, { id: trainerId, name }, { why, mayReturn: false, nowMs });
  const noted: Decision = { ...left, reason: [`trainer "${name}" (${trainerId}) ${why}: it fetches the state again`, left.reason].filter((text) => text !== '').join('; ') };
  return andThen(noted, (next) => {
    return whileRunning(next, (now, job, run) => {
      const joiner: Joiner = { ...joinerOf({ trainerId, name, incarnation }), progress: 'ready', retries: 1 };
      return nothing(assign(withJob(now, { ...job, status: { ...run, joiners: [...run.joiners, joiner] } }), [trainerId], job.request.id));
    });
  });
}

function findMember(state: ClusterState, { trainerId, jobId }: { readonly trainerId: string; readonly jobId: string }): Member | undefined {
  const job = findLiveJob(state);
  return job?.request.id === jobId && job.status.phase === 'running' ? job.status.members[seatOf(job.status.members, trainerId)] : undefined;
}

function findJoiner(state: ClusterState, { trainerId, jobId }: { readonly trainerId: string; readonly jobId: string }): { job: Job; run: Running; joiner: Joiner } | string {
  const job = findLiveJob(state);
  if (job?.request.id !== jobId || job.status.phase !== 'running') return `job "${jobId}" does not run`;
  const joiner = job.status.joiners.find((other) => other.trainerId === trainerId);
  return joiner ? { job, run: job.status, joiner } : `${trainerId} does not join job "${jobId}"`;
}
