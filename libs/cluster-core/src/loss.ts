import { recopy } from './copying.js';
import { andThen, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import type { Job, Joiner, Member, Recovering, Running, Stage, Starting, Stepping } from './job.js';
import { isIn, nobody, withPlace } from './member-set.js';
import { assign, findJob, findLiveJob, names, seatOf, trainerLabel, withJob } from './records.js';
import { planAfterLoss } from './replan.js';
import type { ClusterState, Trainer } from './state.js';

/** Forgets a trainer; what it was to do moves to others. */
export function loseTrainer(state: ClusterState, trainer: Trainer, why: string, nowMs: number): Decision {
  const without: Decision = { next: { ...state, trainers: state.trainers.filter(({ id }) => id !== trainer.id) }, effects: [], reason: `${trainerLabel(trainer)} lost: ${why}` };
  return trainer.jobId === null ? without : andThen(without, (next) => leaveJob(next, trainer, why, nowMs));
}

/** Takes a trainer out of its job. */
export function leaveJob(state: ClusterState, trainer: Pick<Trainer, 'id' | 'name'>, why: string, nowMs: number): Decision {
  const job = findLiveJob(state);
  const idle = assign(state, [trainer.id], null);
  if (job?.status.phase === 'starting') return leaveStarting(idle, job, job.status, trainer.id);
  if (job?.status.phase !== 'running') return { next: idle, effects: [], reason: '' };
  return andThen(recopy(idle, job, trainer.id), (next) => leaveRunning(next, job.request.id, trainer, why, nowMs));
}

function leaveStarting(state: ClusterState, job: Job, starting: Starting, trainerId: string): Decision {
  const members = starting.members.filter((member) => member.trainerId !== trainerId);
  const { id, minTrainers } = job.request;
  if (members.length >= minTrainers) {
    return { next: withJob(state, { ...job, status: { ...starting, members } }), effects: [], reason: `job "${id}" starts without it` };
  }
  const ids = members.map((member) => member.trainerId);
  const reason = `job "${id}" waits for another trainer`;
  const queued: Job = { ...job, status: { phase: 'queued', lost: null, reopening: false } };
  return { next: assign(withJob(state, queued), ids, null), effects: ids.map((id2): Effect => ({ type: 'stopJob', trainerId: id2, jobId: id, reason })), reason };
}

function leaveRunning(state: ClusterState, jobId: string, { id: trainerId, name }: Pick<Trainer, 'id' | 'name'>, why: string, nowMs: number): Decision {
  const job = findJob(state, jobId);
  if (job?.status.phase !== 'running') return { next: state, effects: [], reason: '' };
  const run = job.status;
  const joiners = run.joiners.filter((joiner) => joiner.trainerId !== trainerId);
  const place = seatOf(run.members, trainerId);
  if (place < 0) return { next: withJob(state, { ...job, status: { ...run, joiners, stage: retried(run.stage) } }), effects: [], reason: '' };
  const members = run.members.filter((_, other) => other !== place);
  if (members.length === 0 && !(run.stage.kind === 'finishing' && job.copying === null)) return awaitReturn(state, job, run, `"${name}": ${why}`, nowMs);
  const left: Running = { ...run, members, joiners };
  if (run.stage.kind === 'stepping') return goOn(state, job, left, without(run.stage, run.members, place), trainerId);
  return { next: withJob(state, { ...job, status: { ...left, stage: stageWithout(run.stage, trainerId) } }), effects: [], reason: '' };
}

/** A job that has paused looks again whether it can go on. */
export function retried(stage: Stage): Stage {
  return stage.kind === 'paused' ? { kind: 'between', step: stage.step - 1 } : stage;
}

function stageWithout(stage: Stage, trainerId: string): Stage {
  if (stage.kind === 'snapshot') return { ...stage, reports: stage.reports.filter((report) => report.trainerId !== trainerId) };
  if (stage.kind === 'recovering') return { ...stage, returned: stage.returned.filter((held) => held.trainerId !== trainerId) };
  return retried(stage);
}

/** The last one that held the job's state is gone: it, or its connection, may come back. */
function awaitReturn(state: ClusterState, job: Job, run: Running, why: string, nowMs: number): Decision {
  const earlier = run.stage.kind === 'recovering' ? run.stage.expected : [];
  const stage: Recovering = { kind: 'recovering', step: job.committed + 1, sinceMs: nowMs, why, expected: [...earlier, ...run.members], returned: [] };
  const joiners = run.joiners.map((joiner): Joiner => (joiner.progress === 'preparing' ? joiner : { ...joiner, progress: 'ready', prepared: 0 }));
  const next = withJob(state, { ...job, status: { ...run, members: [], joiners, sharing: null, stepsOnPlan: -1, stage } });
  return { next, effects: [], reason: `job "${job.request.id}" waits for ${names(stage.expected)} to come back` };
}

/** The same step with those that are left: lost leaves move, unless somebody holds the whole result already. */
function goOn(state: ClusterState, job: Job, run: Running, stage: Stepping, lostId: string): Decision {
  const ids = run.members.map(({ trainerId }) => trainerId);
  const holders = ids.filter((_, place) => isIn(stage.prepared, place));
  const generation = state.generation + 1;
  const moved: Running = { ...run, plan: planAfterLoss(run.plan, ids, holders, generation), stepsOnPlan: -1, stage };
  const leaves = run.plan.shares.find(({ trainerId }) => trainerId === lostId)?.subtrees.reduce((sum, subtree) => sum + subtree.leaves, 0) ?? 0;
  const reason = holders.length > 0 ? `others hold the result of step ${stage.step}` : `${leaves} of its leaves of step ${stage.step} move`;
  return { next: withJob({ ...state, generation }, { ...job, status: moved }), effects: [], reason };
}

/** What is known of the step without the one at this place. */
function without(stage: Stepping, members: readonly Member[], place: number): Stepping {
  const left = members.filter((_, other) => other !== place);
  const agreed = members.filter((_, other) => other !== place && isIn(stage.prepared, other)).map(({ trainerId }) => trainerId);
  const dissent = stage.dissent.filter(({ trainerId }) => trainerId !== members[place]?.trainerId);
  const [first] = dissent;
  // The one whose result stood for the others' may be the one that is gone.
  const result = agreed.length > 0 ? stage.result : (first?.result ?? null);
  const same = [...agreed, ...dissent.filter((one) => one.result.digest === result?.digest).map(({ trainerId }) => trainerId)];
  const prepared = left.reduce((set, { trainerId }, index) => (same.includes(trainerId) ? withPlace(set, index) : set), nobody);
  return { ...stage, result, prepared, dissent: dissent.filter(({ trainerId }) => !same.includes(trainerId)) };
}
