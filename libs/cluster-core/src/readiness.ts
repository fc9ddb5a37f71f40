import { numericsDifferences } from '@langevin/contracts';
import { andThen, ignore, type Decision } from './decision.js';
import { failJob } from './ending.js';
import type { JobEvent } from './event.js';
import type { Job, Member, Starting } from './job.js';
import { planSubtrees } from './plan.js';
import { jobReason } from './reason.js';
import { assign, findMember, trainerLabel, withJob } from './records.js';
import { beginStep } from './run-step.js';
import type { ClusterState } from './state.js';

type EventOf<T extends JobEvent['type']> = Extract<JobEvent, { type: T }>;

/** A trainer is prepared: the first one fixes the job's numerics class, the last one starts the first step. */
export function trainerReady(state: ClusterState, event: EventOf<'trainerReady'>): Decision {
  const found = findMember(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, member } = found;
  if (job.status.phase !== 'starting') return ignore(state, `job "${event.jobId}" is ${job.status.phase}, ${trainerLabel(member)} is ready late`);
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
  const plan = planSubtrees(job.request.virtualWorkers, members.length);
  const shares = members.map((member, index) => ({ trainerId: member.trainerId, subtrees: plan[index] ?? [] }));
  const generation = state.generation + 1;
  const run = { phase: 'running', members, numericsClass, generation, shares } as const;
  return andThen({ next: { ...state, generation }, effects: [], reason }, (later) => beginStep(later, job, run, job.committed + 1));
}

/** A trainer cannot go on: the job ends with the trainer's error. */
export function trainerFailed(state: ClusterState, event: EventOf<'trainerFailed'>): Decision {
  const found = findMember(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  return failJob(state, found.job, event.code, `${trainerLabel(found.member)} failed: ${event.message}`);
}
