import type { ErrorCode } from '@langevin/contracts';
import { counted } from './counted.js';
import { andThen, ignore, type Decision } from './decision.js';
import { failJob } from './ending.js';
import type { MembershipEvent } from './event.js';
import type { Job } from './job.js';
import { findLiveJob, findTrainer, trainerLabel, withJob } from './records.js';
import type { ClusterState, Trainer } from './state.js';

type EventOf<T extends MembershipEvent['type']> = Extract<MembershipEvent, { type: T }>;

/** Takes a trainer in, unless its version differs or its name is taken. */
export function trainerAttached(state: ClusterState, event: EventOf<'trainerAttached'>, nowMs: number): Decision {
  const { trainerId: id, name, incarnation, pullAddress, numerics, version } = event;
  if (findTrainer(state, id)) return ignore(state, `trainer id ${id} is attached already`);
  if (version !== state.config.version) {
    const found = `it runs Langevin ${version}, the coordinator ${state.config.version}`;
    return refuse(state, event, 'version_mismatch', `${found}: install the same version on both`);
  }
  const namesake = state.trainers.find((trainer) => trainer.name === name);
  if (namesake) {
    const wait = `if that one has died, try again in ${state.config.suspectAfterMs} ms`;
    return refuse(state, event, 'invalid_argument', `${namesake.id} at ${namesake.pullAddress} has this name: choose another; ${wait}`);
  }
  const trainer: Trainer = { id, name, incarnation, pullAddress, numerics, lastSeenMs: nowMs, progress: 0, jobId: null };
  const live = findLiveJob(state);
  const wait = live ? `; job "${live.request.id}" is ${live.status.phase} without it, it waits for the next` : '';
  return { next: { ...state, trainers: [...state.trainers, trainer] }, effects: [], reason: `${trainerLabel(trainer)} attached${wait}` };
}

function refuse(state: ClusterState, event: EventOf<'trainerAttached'>, code: ErrorCode, why: string): Decision {
  const reason = `refused trainer "${event.name}" (${event.trainerId}): ${why}`;
  return { next: state, effects: [{ type: 'refuseTrainer', trainerId: event.trainerId, jobId: null, code, reason }], reason };
}

/** A trainer's connection has ended. */
export function trainerDetached(state: ClusterState, event: EventOf<'trainerDetached'>): Decision {
  const trainer = findTrainer(state, event.trainerId);
  if (!trainer) return ignore(state, `trainer ${event.trainerId} is not attached`);
  return lose(state, [{ trainer, why: event.why }]);
}

/** A sign of life, with how far the compute thread is. */
export function heartbeat(state: ClusterState, event: EventOf<'heartbeat'>): Decision {
  const trainer = findTrainer(state, event.trainerId);
  if (!trainer) return ignore(state, `trainer ${event.trainerId} is not attached`);
  const trainers = state.trainers.map((other) => (other === trainer ? { ...trainer, progress: event.progress } : other));
  return { next: { ...state, trainers }, effects: [], reason: `${trainerLabel(trainer)} is alive, progress ${event.progress}` };
}

/** Whatever a live trainer sends proves that it lives. */
export function noteLife(state: ClusterState, trainerId: string, nowMs: number): ClusterState {
  const silent = (trainer: Trainer) => trainer.id === trainerId && trainer.lastSeenMs !== nowMs;
  if (!state.trainers.some(silent)) return state;
  return { ...state, trainers: state.trainers.map((trainer) => (silent(trainer) ? { ...trainer, lastSeenMs: nowMs } : trainer)) };
}

/** Looks for silent trainers. After a tick that came too late itself, silence is counted anew: nobody could be heard. */
export function tick(state: ClusterState, nowMs: number): Decision {
  const { suspectAfterMs } = state.config;
  const ticked = { ...state, lastTickMs: nowMs };
  const gapMs = nowMs - (state.lastTickMs ?? nowMs);
  if (gapMs > suspectAfterMs) {
    const trainers = state.trainers.map((trainer) => ({ ...trainer, lastSeenMs: nowMs }));
    const reason = `the coordinator stood still for ${gapMs} ms: the silence of its trainers is counted from now`;
    return { next: { ...ticked, trainers }, effects: [], reason };
  }
  const silent = state.trainers.filter((trainer) => nowMs - trainer.lastSeenMs > suspectAfterMs);
  if (silent.length === 0) return { next: ticked, effects: [], reason: `${counted(state.trainers.length, 'trainer')} alive` };
  const lost = silent.map((trainer) => ({ trainer, why: `silent ${nowMs - trainer.lastSeenMs} ms > ${suspectAfterMs} ms` }));
  return andThen(
    {
      next: ticked,
      effects: lost.map(({ trainer, why }) => ({ type: 'dropTrainer', trainerId: trainer.id, reason: why })),
      reason: '',
    },
    (next) => lose(next, lost),
  );
}

function lose(state: ClusterState, lost: readonly { readonly trainer: Trainer; readonly why: string }[]): Decision {
  const gone = new Set(lost.map(({ trainer }) => trainer.id));
  const next = { ...state, trainers: state.trainers.filter((trainer) => !gone.has(trainer.id)) };
  const say = ({ trainer, why }: (typeof lost)[number]) => `${trainerLabel(trainer)} lost: ${why}`;
  const idle = lost.filter(({ trainer }) => trainer.jobId === null);
  const working = lost.filter(({ trainer }) => trainer.jobId !== null);
  const without: Decision = { next, effects: [], reason: idle.map(say).join('; ') };
  const job = working.length > 0 ? findLiveJob(state) : undefined;
  if (!job) return without;
  const said = working.map(say).join('; ');
  const spared = withoutMembers(job, gone);
  if (!spared) return andThen(without, (rest) => failJob(rest, job, 'trainer_lost', said));
  return andThen(without, (rest) => ({ next: withJob(rest, spared), effects: [], reason: `${said}; job "${job.request.id}" has made its last step and needs it no more` }));
}

/** The job when these have left it; undefined when it cannot go on. After the last step only the one whose state is being copied has something to give. */
function withoutMembers(job: Job, gone: ReadonlySet<string>): Job | undefined {
  const { status, copying } = job;
  if (status.phase !== 'running' || status.stage.kind !== 'finishing') return undefined;
  const [source] = status.members;
  if (copying !== null && source && gone.has(source.trainerId)) return undefined;
  return { ...job, status: { ...status, members: status.members.filter(({ trainerId }) => !gone.has(trainerId)) } };
}
