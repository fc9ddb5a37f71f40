import { ignore, type Decision } from './decision.js';
import { failJob } from './ending.js';
import type { StepEvent } from './event.js';
import type { Running } from './job.js';
import type { Subtree } from './plan.js';
import { findJob, findMember, trainerLabel, withStage } from './records.js';
import type { ClusterState } from './state.js';

type EventOf<T extends StepEvent['type']> = Extract<StepEvent, { type: T }>;

/** Passes a partial on to the reducer if its sender owns the subtree in this step and it is the first of its kind. */
export function partialReceived(state: ClusterState, event: EventOf<'partialReceived'>): Decision {
  const found = findMember(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, member } = found;
  const { trainerId, jobId, step, generation, subtree } = event;
  const what = `leaves ${leavesLabel(subtree)} of step ${step} from ${trainerLabel(member)}`;
  if (job.status.phase !== 'running') return ignore(state, `${what}: job "${jobId}" is ${job.status.phase}`);
  const run = job.status;
  const problem = partialProblem(run, event);
  if (problem !== null || run.stage.kind !== 'computing') return ignore(state, `${what}: ${problem}`);
  const received = [...run.stage.received, subtree];
  return {
    next: withStage(state, job, run, { ...run.stage, received }),
    effects: [{ type: 'addPartial', trainerId, jobId, step, generation, subtree }],
    reason: `${what}: ${received.length}/${subtreeCount(run)} subtrees`,
  };
}

function partialProblem(run: Running, event: EventOf<'partialReceived'>): string | null {
  const { stage } = run;
  if (event.generation !== run.generation) return `generation ${event.generation} is not ${run.generation}`;
  if (event.step !== stage.step) return `the job is at step ${stage.step}`;
  if (stage.kind !== 'computing') return 'the step is reduced already';
  const share = run.shares.find((one) => one.trainerId === event.trainerId);
  if (!share?.subtrees.some((one) => isSame(one, event.subtree))) return 'it does not own them';
  return stage.received.some((one) => isSame(one, event.subtree)) ? 'they came already' : null;
}

/** The step's gradient is whole: everybody fetches it, unless it is not finite. */
export function resultReady(state: ClusterState, event: EventOf<'resultReady'>): Decision {
  const { jobId, step, digest, loss, finite, norm } = event;
  const job = findJob(state, jobId);
  if (job?.status.phase !== 'running') return ignore(state, `result of step ${step}: job "${jobId}" is ${job?.status.phase ?? 'unknown'}`);
  const run = job.status;
  const { stage } = run;
  if (stage.kind !== 'computing' || stage.step !== step) {
    return ignore(state, `result of step ${step}: job "${jobId}" is at step ${stage.step} (${stage.kind})`);
  }
  if (stage.received.length < subtreeCount(run)) {
    return ignore(state, `result of step ${step}: ${stage.received.length}/${subtreeCount(run)} subtrees came so far`);
  }
  if (!finite || !Number.isFinite(loss)) {
    return failJob(state, job, 'non_finite', `step ${step}: the gradient is not finite (norm ${norm}, loss ${loss})`);
  }
  return {
    next: withStage(state, job, run, { kind: 'agreeing', step, digest, loss, prepared: [] }),
    effects: run.members.map(({ trainerId }) => ({ type: 'announceResult', trainerId, jobId, step, digest })),
    reason: `step ${step} of job "${jobId}" is reduced: loss ${loss}, gradient norm ${norm}`,
  };
}

function subtreeCount(run: Running): number {
  return run.shares.reduce((count, share) => count + share.subtrees.length, 0);
}

function isSame(a: Subtree, b: Subtree): boolean {
  return a.first === b.first && a.leaves === b.leaves;
}

function leavesLabel({ first, leaves }: Subtree): string {
  return leaves === 1 ? `${first}` : `${first}–${first + leaves - 1}`;
}
