import { counted } from './counted.js';
import { andThen, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import { admit, shareStates } from './joining.js';
import type { Job, Member, Running } from './job.js';
import { leaveJob } from './loss.js';
import { nobody } from './member-set.js';
import { findTrainer, names, withJob, withStage } from './records.js';
import { planStep, slowestMs } from './replan.js';
import { requeue } from './recovery.js';
import { andThenRunning, nothing } from './running.js';
import { takeStates } from './snapshot.js';
import type { ClusterState } from './state.js';
import { pause } from './stepping.js';

/** Steps before work is shared out anew, and by how much that must shorten a step. */
const leastSteps = 20;
const leastGain = 1.25;

/**
 * Between two steps: who drains leaves, who has caught up takes part, who is prepared is given the state. Then the next
 * step begins, or the job pauses while too few are left.
 */
export function atBoundary(state: ClusterState, job: Job, run: Running, nowMs: number): Decision {
  const leaving = run.members.filter(({ trainerId }) => findTrainer(state, trainerId)?.draining != null);
  if (leaving.length > 0 && leaving.length === run.members.length) return leaveAll(state, job, run, leaving);
  const left = leaving.length > 0 ? leave(state, job, leaving, nowMs) : nothing(state);
  return andThenRunning(andThenRunning(andThenRunning(left, admit), shareStates), beginStep);
}

function leave(state: ClusterState, job: Job, leaving: readonly Member[], nowMs: number): Decision {
  const reason = `${names(leaving)} ${leaving.length === 1 ? 'leaves' : 'leave'} after step ${job.committed}`;
  const released: Decision = { next: state, effects: leaving.map((member) => release(state, member)), reason };
  return leaving.reduce((decision, { trainerId: id, name }) => andThen(decision, (next) => leaveJob(next, { id, name }, 'drained', nowMs)), released);
}

/** The state is stored first, and the job waits for other trainers to go on from there. */
function leaveAll(state: ClusterState, job: Job, run: Running, leaving: readonly Member[]): Decision {
  const { committed, request, checkpoint, copying, storing } = job;
  const isKept = committed === request.startStep || checkpoint?.step === committed || storing.includes(committed);
  if (!isKept) return takeStates(state, job, run, committed);
  if (copying !== null) return nothing(state);
  const released: Decision = { next: state, effects: leaving.map((member) => release(state, member)), reason: '' };
  return andThen(released, (next) => requeue(next, job, run, `${names(leaving)} drained`));
}

function release(state: ClusterState, { trainerId }: Member): Effect {
  return { type: 'releaseTrainer', trainerId, reason: findTrainer(state, trainerId)?.draining ?? 'drained' };
}

function beginStep(state: ClusterState, job: Job, run: Running): Decision {
  const step = job.committed + 1;
  const { minTrainers } = job.request;
  if (run.members.length < minTrainers) return pause(state, job, run, step, `${run.members.length}/${minTrainers} trainers`);
  const slow = run.joiners.find(({ progress, retries }) => retries > 0 && (progress === 'fetching' || progress === 'replaying'));
  if (slow) return pause(state, job, run, step, `trainer "${slow.name}" catches up`);
  const { plan, generation } = planFor(state, job, run);
  const stepsOnPlan = plan === run.plan ? run.stepsOnPlan + 1 : 0;
  const stage = { kind: 'stepping', step, announced: -1, result: null, prepared: nobody, dissent: [] } as const;
  const next = withStage(withJob({ ...state, generation }, job), job, { ...run, plan, stepsOnPlan }, stage);
  return { next, effects: [], reason: `step ${step} runs on ${counted(run.members.length, 'trainer')}` };
}

/** The plan of the step before, unless its trainers are others, or a fairer share would make a step much shorter. */
function planFor(state: ClusterState, { request }: Job, run: Running): { plan: Running['plan']; generation: number } {
  const { plan, members, leafMs, stepsOnPlan } = run;
  const isSame = stepsOnPlan >= 0 && plan.shares.length === members.length && plan.shares.every(({ trainerId }, place) => members[place]?.trainerId === trainerId);
  if (isSame && stepsOnPlan < leastSteps) return { plan, generation: state.generation };
  const generation = state.generation + 1;
  const fresh = planStep(request, members, { generation, leafMs, relayed: run.relayed !== null });
  if (isSame && slowestMs(plan, leafMs) < leastGain * slowestMs(fresh, leafMs)) return { plan, generation: state.generation };
  return { plan: fresh, generation };
}
