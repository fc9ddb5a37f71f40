import { andThen, ignore, type Decision } from './decision.js';
import { failJob } from './ending.js';
import type { StepEvent } from './event.js';
import type { Job, Running } from './job.js';
import { findMember, trainerLabel, withStage } from './records.js';
import { beginStep } from './run-step.js';
import { takeStates } from './take-states.js';
import type { ClusterState } from './state.js';

/** A trainer holds the result of the step; when all do, it is committed and the next one begins. */
export function prepared(state: ClusterState, event: Extract<StepEvent, { type: 'prepared' }>): Decision {
  const found = findMember(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, member } = found;
  const { trainerId, step, digest } = event;
  const who = trainerLabel(member);
  if (job.status.phase !== 'running') return ignore(state, `${who} prepared step ${step}: job "${event.jobId}" is ${job.status.phase}`);
  const run = job.status;
  const { stage } = run;
  if (stage.kind !== 'agreeing' || stage.step !== step) return ignore(state, `${who} prepared step ${step}: the job is at step ${stage.step} (${stage.kind})`);
  if (stage.prepared.includes(trainerId)) return ignore(state, `${who} prepared step ${step} already`);
  if (digest !== stage.digest) {
    return failJob(state, job, 'trainer_diverged', `${who} prepared ${digest} for step ${step}, the result is ${stage.digest}`);
  }
  const holders = [...stage.prepared, trainerId];
  if (holders.length < run.members.length) {
    const next = withStage(state, job, run, { ...stage, prepared: holders });
    return { next, effects: [], reason: `${who} prepared step ${step}: ${holders.length}/${run.members.length} trainers` };
  }
  return commitStep(state, { ...job, committed: step, loss: stage.loss }, run, step);
}

function commitStep(state: ClusterState, job: Job, run: Running, step: number): Decision {
  const { id, totalSteps, checkpointEvery } = job.request;
  const committed: Decision = {
    next: state,
    effects: run.members.map(({ trainerId }) => ({ type: 'commit', trainerId, jobId: id, step })),
    reason: `step ${step} of job "${id}" is committed`,
  };
  const isDue = step % checkpointEvery === 0 || step === totalSteps;
  return andThen(committed, (next) => (isDue ? takeStates(next, job, run, step) : beginStep(next, job, run, step + 1)));
}
