import { counted } from './counted.js';
import { ignore, type Decision } from './decision.js';
import type { StepEvent } from './event.js';
import type { Job, Running, StepResult, Stepping } from './job.js';
import { retried } from './loss.js';
import { isIn, withPlace } from './member-set.js';
import { findParticipant, seatOf, trainerLabel, withJob, withStage } from './records.js';
import type { ClusterState } from './state.js';

/** A trainer holds the result of the step. */
export function prepared(state: ClusterState, event: Extract<StepEvent, { type: 'prepared' }>): Decision {
  const found = findParticipant(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, who } = found;
  const { trainerId, step, digest, loss, norm, finite, leafMs } = event;
  const label = trainerLabel(who);
  if (job.status.phase !== 'running') return ignore(state, `${label} prepared step ${step}: job "${event.jobId}" is ${job.status.phase}`);
  const run = job.status;
  const place = seatOf(run.members, trainerId);
  if (place < 0) return joinerPrepared(state, job, run, event);
  const { stage } = run;
  if (stage.kind !== 'stepping' || stage.step !== step) return ignore(state, `${label} prepared step ${step}: the job is at step ${stage.step} (${stage.kind})`);
  if (isIn(stage.prepared, place) || stage.dissent.some((one) => one.trainerId === trainerId)) return ignore(state, `${label} prepared step ${step} already`);
  const voted = { ...vote(stage, place, trainerId, { digest, loss, norm, finite }), leafMs: withTime(stage.leafMs, place, leafMs) };
  const reason = `${label} prepared step ${step}: ${held(voted)}/${counted(run.members.length, 'trainer')}`;
  return { next: withStage(state, job, run, voted), effects: [], reason };
}

/** How many hold a result of the step. */
export function held(stage: Stepping): number {
  return stage.prepared.count + stage.dissent.length;
}

function withTime(times: readonly number[], place: number, leafMs: number): readonly number[] {
  if (!(leafMs > 0)) return times;
  const next = times.slice();
  while (next.length < place) next.push(0);
  next[place] = leafMs;
  return next;
}

function vote(stage: Stepping, place: number, trainerId: string, result: StepResult): Stepping {
  const { digest } = stage.result ?? result;
  if (digest !== result.digest) return { ...stage, dissent: [...stage.dissent, { trainerId, result }] };
  return { ...stage, result: stage.result ?? result, prepared: withPlace(stage.prepared, place) };
}

/** How far a joiner is: it takes part from the next boundary on when it is as far as the others. */
function joinerPrepared(state: ClusterState, job: Job, run: Running, { trainerId, step, digest }: Extract<StepEvent, { type: 'prepared' }>): Decision {
  const joiner = run.joiners.find((other) => other.trainerId === trainerId);
  // It may have held one that was not committed, and says so by another of the same step.
  if (!joiner || step < joiner.prepared || (step === joiner.prepared && digest === joiner.digest)) return ignore(state, `${joiner ? trainerLabel(joiner) : trainerId} was at step ${step} already`);
  const joiners = run.joiners.map((other) => (other === joiner ? { ...joiner, prepared: step, digest } : other));
  return { next: withJob(state, { ...job, status: { ...run, joiners, stage: retried(run.stage) } }), effects: [], reason: `${trainerLabel(joiner)} has replayed up to step ${step}` };
}
