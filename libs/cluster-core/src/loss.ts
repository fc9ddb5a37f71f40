import { recopy } from './copying.js';
import { andThen, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import type { Job, Joiner, Member, Recovering, Running, Stage, Starting, Stepping } from './job.js';
import { isKept } from './kept.js';
import { isIn, nobody, withPlace } from './member-set.js';
import { assign, findJob, findLiveJob, names, seatOf, trainerLabel, withJob } from './records.js';
import { planAfterLoss } from './replan.js';
import type { ClusterState, Trainer } from './state.js';

/** How a trainer goes. */
export interface Departure {
  readonly why: string;
  /** Whether it may come back with the state that it holds: only its connection is known to have ended. */
  readonly mayReturn: boolean;
  readonly nowMs: number;
}

/** Forgets a trainer; what it was to do moves to others. */
export function loseTrainer(state: ClusterState, trainer: Trainer, departure: Departure): Decision {
  const without: Decision = { next: { ...state, trainers: state.trainers.filter(({ id }) => id !== trainer.id) }, effects: [], reason: `${trainerLabel(trainer)} lost: ${departure.why}` };
  return trainer.jobId === null ? without : andThen(without, (next) => leaveJob(next, trainer, departure));
}

/** Takes a trainer out of its job. */
export function leaveJob(state: ClusterState, trainer: Pick<Trainer, 'id' | 'name'>, departure: Departure): Decision {
  const job = findLiveJob(state);
  const idle = assign(state, [trainer.id], null);
  if (job?.status.phase === 'starting') return leaveStarting(idle, job, job.status, trainer.id);
  if (job?.status.phase !== 'running') return { next: idle, effects: [], reason: '' };
  return andThen(recopy(idle, job, trainer.id), (next) => leaveRunning(next, job.request.id, trainer, departure));
}

export function leaveStarting(state: ClusterState, job: Job, starting: Starting, trainerId: string): Decision {
  const members = starting.members.filter((member) => member.trainerId !== trainerId);
  const { id, minTrainers } = job.request;
  if (members.length >= minTrainers) {
    return { next: withJob(state, { ...job, status: { ...starting, members } }), effects: [], reason: `job "${id}" starts without it` };
  }
  const ids = members.map((member) => member.trainerId);
  const reason = `job "${id}" waits for another trainer`;
  const queued: Job = { ...job, status: { phase: 'queued', lost: starting.lost, reopening: false } };
  return { next: assign(withJob(state, queued), ids, null), effects: ids.map((id2): Effect => ({ type: 'stopJob', trainerId: id2, jobId: id, reason })), reason };
}

function leaveRunning(state: ClusterState, jobId: string, { id: trainerId, name }: Pick<Trainer, 'id' | 'name'>, departure: Departure): Decision {
  const job = findJob(state, jobId);
  if (job?.status.phase !== 'running') return { next: state, effects: [], reason: '' };
  const run = job.status;
  const joiners = run.joiners.filter((joiner) => joiner.trainerId !== trainerId);
  const place = seatOf(run.members, trainerId);
  const gone = run.members[place];
  if (!gone) return { next: withJob(state, { ...job, status: { ...run, joiners, stage: retried(run.stage) } }), effects: [], reason: '' };
  const members = run.members.filter((member) => member !== gone);
  const left: Running = { ...run, members, joiners, away: departure.mayReturn ? [...run.away, gone] : run.away };
  if (members.length === 0) return leaveLast(state, job, left, { ...departure, why: `"${name}": ${departure.why}` });
  if (run.stage.kind === 'stepping') return goOn(state, job, left, without(run.stage, run.members, place), trainerId);
  return { next: withJob(state, { ...job, status: { ...left, stage: stageWithout(run.stage, gone, departure) } }), effects: [], reason: '' };
}

/** Whether a joiner has the state after the last committed step: it is as good as a member. */
export function isAbreast({ progress, prepared, digest }: Joiner, { committed, chain }: Job): boolean {
  return progress === 'replaying' && (prepared > committed || (prepared === committed && digest === chain));
}

/** No member is left: a joiner that has caught up takes over, or those come back who have the state, or their connection does. */
function leaveLast(state: ClusterState, job: Job, run: Running, departure: Departure): Decision {
  if (run.stage.kind === 'finishing' && job.copying === null && isKept(job, run.stage.step)) return { next: withJob(state, { ...job, status: run }), effects: [], reason: '' };
  const heirs = run.joiners.filter((joiner) => isAbreast(joiner, job));
  if (heirs.length === 0) return awaitReturn(state, job, run, departure);
  const members = heirs.map(({ trainerId, name, incarnation }): Member => ({ trainerId, name, incarnation, ready: true }));
  const joiners = run.joiners.filter((joiner) => !heirs.includes(joiner));
  const next = withJob(state, { ...job, status: { ...run, members, joiners, stepsOnPlan: -1, stage: { kind: 'committed', step: job.committed } } });
  return { next, effects: [], reason: `${names(heirs)} ${heirs.length === 1 ? 'has' : 'have'} its state and ${heirs.length === 1 ? 'takes' : 'take'} over` };
}

/** A job that has paused for want of trainers looks again whether it can go on. */
export function retried(stage: Stage): Stage {
  return stage.kind === 'paused' && stage.needs === 'trainers' ? { kind: 'committed', step: stage.step - 1 } : stage;
}

function stageWithout(stage: Stage, gone: Member, { mayReturn }: Departure): Stage {
  if (stage.kind === 'snapshot') return { ...stage, reports: stage.reports.filter((report) => report.trainerId !== gone.trainerId) };
  if (stage.kind === 'recovering') {
    return { ...stage, expected: mayReturn ? [...stage.expected, gone] : stage.expected, returned: stage.returned.filter((held) => held.trainerId !== gone.trainerId) };
  }
  // Somebody has decided, or whoever is left has to be compared anew.
  return stage.kind === 'paused' ? { kind: 'committed', step: stage.step - 1 } : stage;
}

function awaitReturn(state: ClusterState, job: Job, run: Running, { why, nowMs }: Departure): Decision {
  const earlier = run.stage.kind === 'recovering' ? run.stage.expected : [];
  const expected = [...earlier, ...run.away.filter((member) => !earlier.includes(member))];
  const stage: Recovering = { kind: 'recovering', step: job.committed + 1, sinceMs: nowMs, why, expected, returned: [] };
  const joiners = run.joiners.map((joiner): Joiner => (joiner.progress === 'preparing' ? joiner : { ...joiner, progress: 'ready', prepared: 0 }));
  const next = withJob(state, { ...job, status: { ...run, joiners, away: [], stepsOnPlan: -1, stage } });
  return { next, effects: [], reason: `job "${job.request.id}" waits for ${names(expected) || 'nobody'} to come back` };
}

/** The same step with those that are left: lost leaves move, unless somebody holds the whole result already. */
function goOn(state: ClusterState, job: Job, run: Running, stage: Stepping, lostId: string): Decision {
  const ids = run.members.map(({ trainerId }) => trainerId);
  const holders = ids.filter((_, place) => isIn(stage.prepared, place));
  const generation = state.generation + 1;
  const plan = planAfterLoss(run.plan, ids, holders, generation);
  const moved: Running = { ...run, plan, stepsOnPlan: -1, stage };
  const leaves = run.plan.shares.find(({ trainerId }) => trainerId === lostId)?.subtrees.reduce((sum, subtree) => sum + subtree.leaves, 0) ?? 0;
  const reason = plan.shares === run.plan.shares ? `others hold the result of step ${stage.step}` : `${leaves} of its leaves of step ${stage.step} move`;
  return { next: withJob({ ...state, generation }, { ...job, status: moved }), effects: [], reason };
}

/** What is known of the step without the one at this place. */
function without(stage: Stepping, members: readonly Member[], place: number): Stepping {
  const others = members.map((_, other) => other).filter((other) => other !== place);
  const isAgreed = others.some((other) => isIn(stage.prepared, other));
  const dissent = stage.dissent.filter(({ trainerId }) => trainerId !== members[place]?.trainerId);
  // The one whose result stood for the others' may be the one that is gone.
  const result = isAgreed ? stage.result : (dissent[0]?.result ?? null);
  const same = new Set(dissent.filter((one) => one.result.digest === result?.digest).map(({ trainerId }) => trainerId));
  const holds = (other: number): boolean => isIn(stage.prepared, other) || same.has(members[other]?.trainerId ?? '');
  const prepared = others.reduce((set, other, index) => (holds(other) ? withPlace(set, index) : set), nobody);
  return { ...stage, result, prepared, dissent: dissent.filter(({ trainerId }) => !same.has(trainerId)), leafMs: stage.leafMs.filter((_, other) => other !== place) };
}
