import { numericsDifferences } from '@langevin/contracts';
import { counted } from './counted.js';
import { andThen, ignore, type Decision } from './decision.js';
import { failJob } from './ending.js';
import type { JobEvent } from './event.js';
import { joinerReady } from './joining.js';
import type { Job, Member, Running, Starting } from './job.js';
import { leaveJob, leaveStarting } from './loss.js';
import { assign, findParticipant, seatOf, trainerLabel, withJob } from './records.js';
import { nothing } from './running.js';
import type { ClusterState } from './state.js';
import { bar } from './stepping.js';

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
  const late = members.filter(({ ready }) => !ready);
  const reason = `${trainerLabel(member)} is ready${late.length > 0 ? `: ${members.length - late.length}/${counted(members.length, 'trainer')}` : ''}`;
  return { next: withJob(state, { ...job, status: { ...job.status, members, numericsClass } }), effects: [], reason };
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
  const without = { ...job, barred: [...job.barred, member.incarnation] };
  // A job that has run already waits for others of its class.
  if (starting.lost !== null) return andThen(refused, (next) => ({ ...leaveStarting(next, without, starting, member.trainerId), reason: `refused: ${why}` }));
  const left = { ...without, status: { ...starting, members } };
  if (members.length < minTrainers) {
    const cause = `${why}; ${members.length}/${minTrainers} trainers are left`;
    return andThen(refused, (next) => failJob(next, left, 'numerics_mismatch', cause));
  }
  return andThen(refused, (next) => ({ next: withJob(next, left), effects: [], reason: `refused: ${why}` }));
}

/** When everybody is ready, the job runs. */
export function startRunning(state: ClusterState, job: Job, { members, numericsClass }: Starting): Decision {
  if (numericsClass === null || members.some((member) => !member.ready)) return nothing(state);
  const run: Running = {
    phase: 'running',
    members,
    joiners: [],
    away: [],
    numericsClass,
    // The first step is planned when it begins.
    plan: { generation: 0, shares: [], chunks: [] },
    leafMs: {},
    stepsOnPlan: -1,
    relayed: job.request.exchange === 'coordinator' ? 'as the job asks' : null,
    sharing: null,
    stage: { kind: 'between', step: job.committed },
  };
  return nothing(withJob(state, { ...job, status: run }));
}

/** A trainer cannot go on: the others do without it. The job ends with the error of the last one that it needs. */
export function trainerFailed(state: ClusterState, event: EventOf<'trainerFailed'>, nowMs: number): Decision {
  const found = findParticipant(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, who } = found;
  const cause = `${trainerLabel(who)} failed: ${event.message}`;
  if (isNeeded(job, event.trainerId)) return failJob(state, job, event.code, cause);
  const stopped: Decision = {
    next: bar(state, event.jobId, [who]),
    effects: [{ type: 'stopJob', trainerId: event.trainerId, jobId: event.jobId, reason: 'it failed here' }],
    reason: cause,
  };
  return andThen(stopped, (next) => leaveJob(next, { id: event.trainerId, name: who.name }, { why: event.message, mayReturn: false, nowMs }));
}

/** Whether the job cannot do without this one. */
function isNeeded({ status, request, copying }: Job, trainerId: string): boolean {
  if (status.phase !== 'starting' && status.phase !== 'running') return false;
  if (seatOf(status.members, trainerId) < 0) return false;
  const left = status.members.length - 1;
  if (status.phase === 'starting') return left < request.minTrainers;
  const { stage } = status;
  if (stage.kind === 'finishing' && copying === null) return false;
  const others = left + status.joiners.length + status.away.length + (stage.kind === 'recovering' ? stage.expected.length : 0);
  return others < 1;
}
