import { andThen, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import { failJob } from './ending.js';
import type { Job, Member, Running, StepResult, Stepping } from './job.js';
import { loseTrainer } from './loss.js';
import { isIn } from './member-set.js';
import { findTrainer, names, withJob, withStage } from './records.js';
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
  return commitStep(state, job, run, step, result);
}

function commitStep(state: ClusterState, job: Job, run: Running, step: number, { digest, loss }: StepResult): Decision {
  const jobId = job.request.id;
  return {
    next: withJob(state, { ...job, committed: step, chain: digest, loss, status: { ...run, stage: { kind: 'committed', step } } }),
    effects: [{ type: 'stepCommitted', jobId, step, digest, loss }, ...informed(run).map((trainerId): Effect => ({ type: 'commit', trainerId, jobId, step, digest }))],
    reason: `step ${step} of job "${jobId}" is committed`,
  };
}

function settleDissent(state: ClusterState, job: Job, run: Running, stage: Stepping, nowMs: number): Decision {
  const groups = new Map<string, string[]>();
  const add = (digest: string, id: string): unknown => groups.set(digest, [...(groups.get(digest) ?? []), id]);
  for (const [place, { trainerId }] of run.members.entries()) if (isIn(stage.prepared, place)) add(stage.result?.digest ?? '', trainerId);
  for (const { trainerId, result } of stage.dissent) add(result.digest, trainerId);
  const majority = [...groups].find(([, ids]) => ids.length > run.members.length / 2);
  const said = [...groups].map(([digest, ids]) => `${names(run.members.filter(({ trainerId }) => ids.includes(trainerId)))} ${digest.slice(0, 12)}`).join(', ');
  const what = `the results of step ${stage.step} differ: ${said}`;
  if (!majority) return pause(state, job, run, stage.step, `${what}; no majority tells who is right: drain or stop the one that you do not trust`);
  const [, right] = majority;
  return evict(state, job.request.id, run.members.filter(({ trainerId }) => !right.includes(trainerId)), `${what}; the other ${right.length} agree`, nowMs);
}

/** Ends the connections of trainers whose numbers are wrong; the others go on without them. */
export function evict(state: ClusterState, jobId: string, culprits: readonly Member[], why: string, nowMs: number): Decision {
  const reason = `${names(culprits)} evicted from job "${jobId}": ${why}`;
  const dropped: Decision = { next: state, effects: culprits.map(({ trainerId }) => ({ type: 'dropTrainer', trainerId, code: 'trainer_diverged', reason })), reason };
  return culprits.reduce((decision, { trainerId }) => {
    return andThen(decision, (next) => {
      const trainer = findTrainer(next, trainerId);
      return trainer ? loseTrainer(next, trainer, why, nowMs) : nothing(next);
    });
  }, dropped);
}

/** Stops before the step until there are more trainers, or somebody decides. */
export function pause(state: ClusterState, job: Job, run: Running, step: number, why: string): Decision {
  // What was half done when it paused is done again under a plan of its own.
  const next = withStage(state, job, { ...run, stepsOnPlan: -1 }, { kind: 'paused', step, why });
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
