import { counted } from './counted.js';
import { andThen, type Decision } from './decision.js';
import { admit } from './joining.js';
import type { Job, Joiner, Member, Paused, Running } from './job.js';
import { isKept } from './kept.js';
import { isAbreast, leaveJob, retried } from './loss.js';
import { nobody } from './member-set.js';
import { findTrainer, names, withJob, withStage } from './records.js';
import { planStep, slowestMs } from './replan.js';
import { requeue } from './recovery.js';
import { andThenRunning, nothing } from './running.js';
import { settleSharing, shareStates } from './sharing.js';
import { takeStates } from './snapshot.js';
import type { ClusterState } from './state.js';
import { pause } from './stepping.js';

/** Steps before work is shared out anew, and by how much that must shorten a step. */
const leastSteps = 20;
const leastGain = 1.25;

/**
 * Between two steps: who has caught up takes part, who drains leaves, who is prepared is given the state. Then the next
 * step begins, or the job pauses while too few are left.
 */
export function atBoundary(state: ClusterState, job: Job, run: Running, nowMs: number): Decision {
  const admitted = admit(state, job, run);
  return andThenRunning(admitted, (next, now, then) => (areAllLeaving(next, then) ? leaveAll(next, now, then) : goOn(next, now, then, nowMs)));
}

function goOn(state: ClusterState, job: Job, run: Running, nowMs: number): Decision {
  const left = leave(state, job, run, nowMs);
  return andThenRunning(andThenRunning(andThenRunning(left, settleSharing), shareStates), beginStep);
}

function isLeaving(state: ClusterState, { trainerId }: Member): boolean {
  return findTrainer(state, trainerId)?.draining != null;
}

function areAllLeaving(state: ClusterState, { members }: Running): boolean {
  return members.every((member) => isLeaving(state, member));
}

/** While a job stands still, whoever drains leaves at once, unless nobody would be left; and a joiner is not kept waiting. */
export function whilePaused(state: ClusterState, job: Job, run: Running, stage: Paused, nowMs: number): Decision {
  if (areAllLeaving(state, run)) return nothing(state);
  const isWanted = run.joiners.some((joiner) => isAbreast(joiner, job) || (joiner.progress === 'ready' && run.sharing === null));
  const again = isWanted ? retried(stage) : stage;
  return again === stage ? leave(state, job, run, nowMs) : nothing(withStage(state, job, run, again));
}

/** Whoever drains leaves, unless a checkpoint would be lost with it: it stays until that is copied. */
export function leave(state: ClusterState, job: Job, run: Running, nowMs: number): Decision {
  const draining = run.members.filter((member) => isLeaving(state, member));
  if (draining.length === 0) return nothing(state);
  const holders = job.copying?.holders ?? [];
  const isCopySafe = job.copying === null || holders.some((id) => !draining.some(({ trainerId }) => trainerId === id));
  const leaving = isCopySafe ? draining : draining.filter(({ trainerId }) => trainerId !== holders[0]);
  if (leaving.length === 0) return nothing(state);
  const noted: Decision = { next: state, effects: [], reason: `${names(leaving)} ${leaving.length === 1 ? 'leaves' : 'leave'} after step ${job.committed}` };
  return leaving.reduce((decision, { trainerId: id, name }) => andThen(decision, (next) => leaveJob(next, { id, name }, { why: 'drained', mayReturn: false, nowMs })), noted);
}

/** The state is stored first, and the job waits for other trainers to go on from there. */
function leaveAll(state: ClusterState, job: Job, run: Running): Decision {
  if (!isKept(job, job.committed)) return takeStates(state, job, run, job.committed);
  return job.copying === null ? requeue(state, job, run, `${names(run.members)} drained`) : nothing(state);
}

function beginStep(state: ClusterState, job: Job, run: Running): Decision {
  const step = job.committed + 1;
  const { minTrainers } = job.request;
  if (run.members.length < minTrainers) return pause(state, job, run, step, `${run.members.length}/${minTrainers} trainers`);
  const slow = run.joiners.find((joiner) => isAwaited(job, joiner));
  if (slow) return pause(state, job, run, step, `trainer "${slow.name}" catches up`);
  const { plan, stepsOnPlan, generation } = planFor(state, job, run);
  const stage = { kind: 'stepping', step, announced: -1, result: null, prepared: nobody, dissent: [], leafMs: [] } as const;
  const next = withStage(withJob({ ...state, generation }, job), job, { ...run, plan, stepsOnPlan }, stage);
  return { next, effects: [], reason: `step ${step} runs on ${counted(run.members.length, 'trainer')}` };
}

/**
 * Who has fallen behind before is waited for. So is one that has all but the last result: the members had that first, and
 * would have each next one first, too.
 */
function isAwaited({ committed }: Job, { progress, prepared, retries }: Joiner): boolean {
  if (progress === 'replaying') return retries > 0 || prepared >= committed - 1;
  return progress === 'fetching' && retries > 0;
}

/** The plan of the step before, unless its trainers are others, or a fairer share would make a step much shorter. */
function planFor(state: ClusterState, { request }: Job, run: Running): { plan: Running['plan']; stepsOnPlan: number; generation: number } {
  const { plan, members, leafMs, stepsOnPlan } = run;
  const isSame = stepsOnPlan >= 0 && plan.shares.length === members.length && plan.shares.every(({ trainerId }, place) => members[place]?.trainerId === trainerId);
  if (isSame && stepsOnPlan < leastSteps) return { plan, stepsOnPlan: stepsOnPlan + 1, generation: state.generation };
  const generation = state.generation + 1;
  const fresh = planStep(request, members, { generation, leafMs, relayed: run.relayed !== null });
  if (isSame && slowestMs(plan, leafMs) < leastGain * slowestMs(fresh, leafMs)) return { plan, stepsOnPlan: 0, generation: state.generation };
  return { plan: fresh, stepsOnPlan: 0, generation };
}
