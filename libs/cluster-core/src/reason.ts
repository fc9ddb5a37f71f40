import { counted } from './counted.js';
import type { Job, Running } from './job.js';
import { findLiveJob, names } from './records.js';
import type { ClusterState } from './state.js';

/** The step that a new attempt would continue from; null when there is no checkpoint. */
export function resumeStep(job: Job): number | null {
  return job.checkpoint?.step ?? (job.request.startStep > 0 ? job.request.startStep : null);
}

/** Why the job is in its phase, and what people can do about it. */
export function jobReason(state: ClusterState, job: Job): string {
  const { status } = job;
  switch (status.phase) {
    case 'queued':
      return queuedReason(state, job);
    case 'starting': {
      const late = status.members.filter((member) => !member.ready);
      return `starting: ${status.members.length - late.length}/${status.members.length} trainers ready, waiting for ${names(late)}`;
    }
    case 'running':
      return runningReason(status) + waitingCheckpoints(state, job);
    case 'succeeded':
      return `trained to step ${job.committed}`;
    case 'failed':
      return `${status.cause}; ${advice(job, status.code)}`;
    case 'cancelled':
      return `on request, at step ${job.committed}; ${resumeAdvice(job)}`;
  }
}

function queuedReason(state: ClusterState, job: Job): string {
  if (job.status.phase === 'queued' && job.status.reopening) return `${job.status.lost}; looking for its newest checkpoint`;
  const live = findLiveJob(state);
  if (live) return `waiting: job "${live.request.id}" is ${live.status.phase}`;
  const head = state.jobs.find((other) => other.status.phase === 'queued');
  if (head && head !== job) return `waiting: job "${head.request.id}" is first in the queue`;
  const ready = state.trainers.filter(({ incarnation, draining }) => draining === null && !job.barred.includes(incarnation)).length;
  const lost = job.status.phase === 'queued' && job.status.lost !== null ? `${job.status.lost}; ` : '';
  return `${lost}waiting: ${ready}/${job.request.minTrainers} trainers ready`;
}

function runningReason(run: Running): string {
  const { stage, members, joiners, relayed } = run;
  if (stage.kind === 'finishing') return `storing the checkpoint of the last step ${stage.step}`;
  if (stage.kind === 'paused') return `paused at step ${stage.step}: ${stage.why}`;
  if (stage.kind === 'recovering') return `waiting for ${names(stage.expected)} to come back: ${stage.why}`;
  const joining = joiners.length > 0 ? `; ${names(joiners)} ${joiners.length === 1 ? 'joins' : 'join'}` : '';
  const route = relayed !== null && relayed !== 'as the job asks' ? `; gradients go through the coordinator: ${relayed}` : '';
  return `training on ${names(members)}${joining}${route}`;
}

function waitingCheckpoints(state: ClusterState, { storing, copying }: Job): string {
  const count = storing.filter((step) => step !== copying?.step).length;
  if (state.storeOutage === null || count === 0) return '';
  return `; store unreachable since ${state.storeOutage}, ${counted(count, 'checkpoint')} ${count === 1 ? 'waits' : 'wait'} in the spool`;
}

function advice(job: Job, code: string): string {
  const step = resumeStep(job);
  if (code === 'non_finite') {
    const last = step === null ? 'there is no checkpoint' : `the last checkpoint is at step ${step}`;
    return `the same job would fail again: lower training.learningRate or set training.clipNorm (${last})`;
  }
  if (code === 'numerics_mismatch') return `give the job trainers of one numerics class, then ${resumeAdvice(job)}`;
  return resumeAdvice(job);
}

function resumeAdvice(job: Job): string {
  const step = resumeStep(job);
  return step === null ? 'submit it again to start over: it has no checkpoint' : `submit it again to continue from checkpoint at step ${step}`;
}
