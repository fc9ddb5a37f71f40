import { andThen, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import { failJob } from './ending.js';
import type { Job, Member, Running, StepResult, Stepping } from './job.js';
import { loseTrainer } from './loss.js';
import { isIn } from './member-set.js';
import { findJob, findTrainer, names, withJob, withStage } from './records.js';
import { nothing } from './running.js';
import type { ClusterState } from './state.js';

/** Everybody holds a result: the one of all is committed, a minority is evicted, and without a majority people decide. */
export function settleStep(state: ClusterState, job: Job, run: Running, stage: Stepping, nowMs: number): Decision {
  if (stage.dissent.length > 0) return settleDissent(state, job, run, stage, nowMs);
  const { step, result } = stage;
  if (!result) return nothing(state);
  if (!result.finite || !Number.isFinite(result.loss)) {
    return failJob(state, job, 'non_finite', `step ${step}: the gradient is not finite (norm ${result.norm}, loss ${result.loss})`);
  }
  return commitStep(state, job, run, stage, result);
}

function commitStep(state: ClusterState, job: Job, run: Running, stage: Stepping, { digest, loss }: StepResult): Decision {
  const jobId = job.request.id;
  const { step } = stage;
  const committed: Running = { ...run, away: [], leafMs: timesAfter(run, stage), stage: { kind: 'committed', step } };
  return {
    next: withJob(state, { ...job, committed: step, chain: digest, loss, status: committed }),
    effects: [{ type: 'stepCommitted', jobId, step, digest, loss }, ...informed(run).map((trainerId): Effect => ({ type: 'commit', trainerId, jobId, step, digest }))],
    reason: `step ${step} of job "${jobId}" is committed`,
  };
}

/** How much the newest time of a leaf counts, and how much of a time is left after a step without a new one. */
const newest = 0.25;
const forgiving = 0.99;

/** Those that have gone are forgotten. */
function timesAfter({ members, leafMs }: Running, stage: Stepping): Running['leafMs'] {
  const times = members.flatMap(({ trainerId }, place): [string, number][] => {
    const before = leafMs[trainerId];
    const now = stage.leafMs[place] ?? 0;
    if (now > 0) return [[trainerId, before === undefined ? now : before + newest * (now - before)]];
    // Whoever was too slow to be given a leaf is tried again some day.
    return before === undefined ? [] : [[trainerId, before * forgiving]];
  });
  return Object.fromEntries(times);
}

function settleDissent(state: ClusterState, job: Job, run: Running, stage: Stepping, nowMs: number): Decision {
  const groups = new Map<string, string[]>();
  const add = (digest: string, id: string): void => {
    const group = groups.get(digest);
    if (group) group.push(id);
    else groups.set(digest, [id]);
  };
  for (const [place, { trainerId }] of run.members.entries()) if (isIn(stage.prepared, place)) add(stage.result?.digest ?? '', trainerId);
  for (const { trainerId, result } of stage.dissent) add(result.digest, trainerId);
  const majority = [...groups].find(([, ids]) => ids.length > run.members.length / 2);
  const said = [...groups].map(([digest, ids]) => `${names(run.members.filter(({ trainerId }) => ids.includes(trainerId)))} ${digest.slice(0, 12)}`).join(', ');
  const what = `the results of step ${stage.step} differ: ${said}`;
  if (!majority) return pauseForDecision(state, job, run, stage.step, what);
  const [, right] = majority;
  return evict(state, job.request.id, run.members.filter(({ trainerId }) => !right.includes(trainerId)), `${what}; the other ${right.length} agree`, nowMs);
}

/** Ends the connections of trainers whose numbers are wrong; the others go on without them. */
export function evict(state: ClusterState, jobId: string, culprits: readonly Member[], why: string, nowMs: number): Decision {
  const reason = `${names(culprits)} evicted from job "${jobId}": ${why}`;
  const barred = bar(state, jobId, culprits);
  const dropped: Decision = { next: barred, effects: culprits.map(({ trainerId }) => ({ type: 'dropTrainer', trainerId, code: 'trainer_diverged', reason })), reason };
  return culprits.reduce((decision, { trainerId }) => {
    return andThen(decision, (next) => {
      const trainer = findTrainer(next, trainerId);
      return trainer ? loseTrainer(next, trainer, { why, mayReturn: false, nowMs }) : nothing(next);
    });
  }, dropped);
}

/** This attempt does without them, should they come back. */
export function bar(state: ClusterState, jobId: string, culprits: readonly Pick<Member, 'incarnation'>[]): ClusterState {
  const job = findJob(state, jobId);
  return job ? withJob(state, { ...job, barred: [...job.barred, ...culprits.map(({ incarnation }) => incarnation)] }) : state;
}

/** Two halves differ: until somebody says which is wrong, another trainer changes nothing. */
export function pauseForDecision(state: ClusterState, job: Job, run: Running, step: number, what: string): Decision {
  return pause(state, job, run, step, `${what}; no majority tells who is right: drain or stop the one that you do not trust`, 'decision');
}

/** Stops before the step until there are more trainers, or somebody decides. */
export function pause(state: ClusterState, job: Job, run: Running, step: number, why: string, needs: 'trainers' | 'decision' = 'trainers'): Decision {
  // What was half done when it paused is done again under a plan of its own.
  const next = withStage(state, job, { ...run, stepsOnPlan: -1 }, { kind: 'paused', step, why, needs });
  return { next, effects: [], reason: `job "${job.request.id}" pauses at step ${step}: ${why}` };
}

/** Tells everybody who takes part in a step, or replays it, how it is done. */
export function announceStep(state: ClusterState, job: Job, run: Running, stage: Stepping): Decision {
  const { plan } = run;
  const { step } = stage;
  const jobId = job.request.id;
  const effects: Effect[] = [{ type: 'stepBegun', jobId, step, plan }, ...informed(run).map((trainerId): Effect => ({ type: 'runStep', trainerId, jobId, step, plan }))];
  return { next: withStage(state, job, run, { ...stage, announced: plan.generation }), effects, reason: '' };
}

/** Members, and joiners that replay. */
function informed(run: Running): string[] {
  return [...run.members, ...run.joiners.filter(({ progress }) => progress === 'fetching' || progress === 'replaying')].map(({ trainerId }) => trainerId);
}
