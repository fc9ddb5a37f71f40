import type { ErrorCode } from '@langevin/contracts';
import { andThen, ignore, type Decision } from './decision.js';
import type { MembershipEvent } from './event.js';
import type { Effect } from './effect.js';
import { joinRunning } from './joining.js';
import { foundOnce } from './lookup.js';
import { leaveJob, loseTrainer, retried } from './loss.js';
import { findLiveJob, findTrainer, names, seatOf, trainerLabel, withStage } from './records.js';
import { trainerReturned } from './recovery.js';
import { nothing, whileRunning } from './running.js';
import type { ClusterState, Trainer } from './state.js';

type EventOf<T extends MembershipEvent['type']> = Extract<MembershipEvent, { type: T }>;

/**
 * Takes a trainer in, unless its version differs or its name is taken. One that held the state of a job which waits for
 * it takes its place again; to a running job it comes as a joiner.
 */
export function trainerAttached(state: ClusterState, event: EventOf<'trainerAttached'>, nowMs: number): Decision {
  const { trainerId: id, name, incarnation, pullAddress, numerics, version } = event;
  if (findTrainer(state, id)) return ignore(state, `trainer id ${id} is attached already`);
  if (version !== state.config.version) {
    const found = `it runs Langevin ${version}, the coordinator ${state.config.version}`;
    return refuse(state, event, 'version_mismatch', `${found}: install the same version on both`);
  }
  const namesake = state.trainers.find((trainer) => trainer.name === name);
  if (namesake?.incarnation === incarnation) return supersede(state, event, namesake, nowMs);
  if (namesake) {
    return refuse(state, event, 'trainer_conflict', `${namesake.id} at ${namesake.pullAddress} has this name: choose another; if that one has died, try again in a few seconds`);
  }
  const trainer: Trainer = { id, name, incarnation, pullAddress, numerics, jobId: null, draining: null };
  const attached: Decision = { next: { ...state, trainers: [...state.trainers, trainer] }, effects: [], reason: `${trainerLabel(trainer)} attached` };
  const returned = andThen(attached, (next) => trainerReturned(next, trainer, event.holds));
  return andThen(returned, (next) => placeIdle(next, id, event.holds?.jobId ?? null));
}

/** It joins, or idles: then what it holds is of no use any more. */
function placeIdle(state: ClusterState, trainerId: string, heldJobId: string | null): Decision {
  const trainer = findTrainer(state, trainerId);
  if (trainer?.jobId !== null) return nothing(state);
  const joined = joinRunning(state, trainer);
  if (joined.next !== state || heldJobId === null) return joined;
  const reason = `it holds the state of job "${heldJobId}", which goes on without that`;
  return andThen({ next: state, effects: [{ type: 'stopJob', trainerId, jobId: heldJobId, reason }], reason }, () => joined);
}

/** The same process over a new connection, before the end of the old one was noticed. */
function supersede(state: ClusterState, event: EventOf<'trainerAttached'>, old: Trainer, nowMs: number): Decision {
  const why = 'it has connected anew';
  const dropped: Decision = { next: state, effects: [{ type: 'dropTrainer', trainerId: old.id, code: 'trainer_lost', reason: why }], reason: '' };
  const lost = andThen(dropped, (next) => loseTrainer(next, old, { why, mayReturn: true, nowMs }));
  return andThen(lost, (next) => trainerAttached(next, event, nowMs));
}

function refuse(state: ClusterState, event: EventOf<'trainerAttached'>, code: ErrorCode, why: string): Decision {
  const reason = `refused trainer "${event.name}" (${event.trainerId}): ${why}`;
  return { next: state, effects: [{ type: 'refuseTrainer', trainerId: event.trainerId, jobId: null, code, reason }], reason };
}

/** A trainer's connection has ended, or it has been silent for too long. */
export function trainerDetached(state: ClusterState, event: EventOf<'trainerDetached'>, nowMs: number): Decision {
  const trainer = findTrainer(state, event.trainerId);
  return trainer ? loseTrainer(state, trainer, { why: event.why, mayReturn: true, nowMs }) : ignore(state, `trainer ${event.trainerId} is not attached`);
}

/** A trainer is to leave: at once when it is idle or prepares, otherwise at the next boundary between steps. */
export function trainerDraining(state: ClusterState, event: EventOf<'trainerDraining'>, nowMs: number): Decision {
  const trainer = findTrainer(state, event.trainerId);
  if (!trainer) return ignore(state, `trainer ${event.trainerId} is not attached`);
  if (trainer.draining !== null) return ignore(state, `${trainerLabel(trainer)} is draining already`);
  const { why } = event;
  const reason = `${trainerLabel(trainer)} drains: ${why}`;
  const marked = { ...state, trainers: state.trainers.map((other) => (other === trainer ? { ...trainer, draining: why } : other)) };
  if (takesPart(state, trainer.id)) return { next: retry(marked), effects: [], reason };
  const noted: Decision = { next: marked, effects: [], reason };
  return trainer.jobId === null ? noted : andThen(noted, (next) => leaveJob(next, trainer, { why, mayReturn: false, nowMs }));
}

/** A job that has paused looks again whether it can go on. */
function retry(state: ClusterState): ClusterState {
  return whileRunning(state, (next, job, run) => nothing(withStage(next, job, run, retried(run.stage)))).next;
}

function takesPart(state: ClusterState, trainerId: string): boolean {
  const live = findLiveJob(state);
  return live?.status.phase === 'running' && seatOf(live.status.members, trainerId) >= 0;
}

const leavingOf = foundOnce((trainers: readonly Trainer[]) => trainers.filter(({ draining, jobId }) => draining !== null && jobId === null));

/** Whoever drains and has nothing left to do is let go. */
export function releaseIdle(state: ClusterState): Decision {
  const leaving = leavingOf(state.trainers);
  if (leaving.length === 0) return nothing(state);
  const effects = leaving.map(({ id, draining }): Effect => ({ type: 'releaseTrainer', trainerId: id, reason: draining ?? '' }));
  return { next: { ...state, trainers: state.trainers.filter((trainer) => !leaving.includes(trainer)) }, effects, reason: `${names(leaving)} may go` };
}
