import { numericsDifferences } from '@langevin/contracts';
import { andThen, ignore, type Decision } from './decision.js';
import { failJob } from './ending.js';
import type { JobEvent } from './event.js';
import { joinerReady, joinIdle } from './joining.js';
import type { Job, Member, Running, Starting } from './job.js';
import { leaveJob } from './loss.js';
import { jobReason } from './reason.js';
import { assign, findParticipant, trainerLabel, withJob } from './records.js';
import type { ClusterState } from './state.js';

type EventOf<T extends JobEvent['type']> = Extract<JobEvent, { type: T }>;

/** A trainer is prepared: the first one fixes the job's numerics class, the last one starts the first step. */
export function trainerReady(state: ClusterState, event: EventOf<'trainerReady'>): Decision {
  const found = findParticipant(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, who: member } = found;
  if (job.status.phase === 'running' && 'progress' in member) return joinerReady(state, job, job.status, member, event);
  if (job.status.phase !== 'starting' || !('ready' in member)) return ignore(state, `job "${event.jobId}" is ${job.status.phase}, ${trainerLabel(member)} is ready late`);
  if (member.ready) return ignore(state, `${trainerLabel(member)} is ready already`);
  const numericsClass = job.status.numericsClass ?? event.numerics;
  const differences = numericsDifferences(numericsClass, event.numerics);
  if (differences.length > 0) return refuseMember(state, job, job.status, member, differences.join(', '));
  const members = job.status.members.map((other) => (other === member ? { ...member, ready: true } : other));
  return startWhenReady(state, job, { ...job.status, members, numericsClass }, `${trainerLabel(member)} is ready`);
}

function refuseMember(state: ClusterState, job: Job, starting: Starting, member: Member, differences: string): Decision {
  const { id, minTrainers } = job.request;
  const why = `${trainerLabel(member)} computes other numbers: ${differences}`;
  const refused: Decision = {
    next: assign(state, [member.trainerId], null),
    effects: [{ type: 'refuseTrainer', trainerId: member.trainerId, jobId: id, code: 'numerics_mismatch', reason: why }],
    reason: '',
  };
  const members = starting.members.filter((other) => other !== member);
  if (members.length < minTrainers) {
    const left = { ...job, status: { ...starting, members } };
    const cause = `${why}; ${members.length}/${minTrainers} trainers are left`;
    return andThen(refused, (next) => failJob(next, left, 'numerics_mismatch', cause));
  }
  return andThen(refused, (next) => startWhenReady(next, job, { ...starting, members }, `refused: ${why}`));
}

function startWhenReady(state: ClusterState, job: Job, starting: Starting, reason: string): Decision {
  const { members, numericsClass } = starting;
  const next = { ...job, status: starting };
  if (numericsClass === null || members.some((member) => !member.ready)) {
    return { next: withJob(state, next), effects: [], reason: `${reason}; job "${job.request.id}" ${jobReason(state, next)}` };
  }
  const run: Running = {
    phase: 'running',
    members,
    joiners: [],
    numericsClass,
    // The first step is planned when it begins.
    plan: { generation: 0, shares: [], chunks: [] },
    leafMs: {},
    stepsOnPlan: -1,
    relayed: job.request.exchange === 'coordinator' ? 'as the job asks' : null,
    sharing: null,
    stage: { kind: 'between', step: job.committed },
  };
  return andThen({ next: withJob(state, { ...job, status: run }), effects: [], reason }, joinIdle);
}

/** A trainer cannot go on: the others do without it. The job ends with the error of the last one that it needs. */
export function trainerFailed(state: ClusterState, event: EventOf<'trainerFailed'>, nowMs: number): Decision {
  const found = findParticipant(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, who } = found;
  const cause = `${trainerLabel(who)} failed: ${event.message}`;
  const left = membersLeft(job, event.trainerId);
  const needed = job.status.phase === 'starting' ? job.request.minTrainers : 1;
  if (left < needed) return failJob(state, job, event.code, cause);
  const stopped: Decision = { next: state, effects: [{ type: 'stopJob', trainerId: event.trainerId, jobId: event.jobId, reason: 'it failed here' }], reason: cause };
  return andThen(stopped, (next) => leaveJob(next, { id: event.trainerId, name: who.name }, event.message, nowMs));
}

function membersLeft({ status }: Job, trainerId: string): number {
  return status.phase === 'starting' || status.phase === 'running' ? status.members.filter((member) => member.trainerId !== trainerId).length : 0;
}
