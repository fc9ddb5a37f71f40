import { ignore, type Decision } from './decision.js';
import type { Effect } from './effect.js';
import { failJob } from './ending.js';
import type { CheckpointEvent } from './event.js';
import type { Job } from './job.js';
import { jobReason } from './reason.js';
import { findJob, withJob } from './records.js';
import type { ClusterState } from './state.js';

type EventOf<T extends CheckpointEvent['type']> = Extract<CheckpointEvent, { type: T }>;

/** The files of a checkpoint are copied. */
export function checkpointCopied(state: ClusterState, event: EventOf<'checkpointCopied'>): Decision {
  const { jobId, step } = event;
  const job = findJob(state, jobId);
  if (job?.copying?.step !== step) return ignore(state, `nobody waits for a copy of the checkpoint of job "${jobId}" at step ${step}`);
  return { next: withJob(state, { ...job, copying: null }), effects: [], reason: `checkpoint of job "${jobId}" at step ${step} is copied` };
}

/** A checkpoint is committed. */
export function checkpointStored(state: ClusterState, event: EventOf<'checkpointStored'>): Decision {
  const { jobId, step, manifestDigest, weightsSha256 } = event;
  const job = findJob(state, jobId);
  if (!job?.storing.includes(step)) return ignore(state, `nobody waits for a checkpoint of job "${jobId}" at step ${step}`);
  const isNewest = step > (job.checkpoint?.step ?? -1);
  const kept: Job = {
    ...job,
    checkpoint: isNewest ? { step, manifestDigest, weightsSha256 } : job.checkpoint,
    checkpoints: job.checkpoints + 1,
    copying: job.copying?.step === step ? null : job.copying,
    storing: job.storing.filter((other) => other !== step),
  };
  return { next: withJob(state, kept), effects: reopening(kept), reason: `checkpoint of job "${jobId}" at step ${step} is stored: ${manifestDigest}` };
}

/** A checkpoint could not be written: the job ends, and the one before it is the last good one. */
export function checkpointFailed(state: ClusterState, event: EventOf<'checkpointFailed'>): Decision {
  const { jobId, step, code, message } = event;
  const job = findJob(state, jobId);
  if (!job?.storing.includes(step)) return ignore(state, `nobody waits for a checkpoint of job "${jobId}" at step ${step}`);
  const failed = { ...job, copying: job.copying?.step === step ? null : job.copying, storing: job.storing.filter((other) => other !== step) };
  if (job.status.phase !== 'running') {
    const reason = `checkpoint at step ${step} could not be stored: ${message}; job "${jobId}" ${job.status.phase} before: ${jobReason(state, job)}`;
    return { next: withJob(state, failed), effects: reopening(failed), reason };
  }
  // Another host has taken over, without the files that waited on the first one: nothing is wrong with the store.
  if (code === 'checkpoint_missing') return { next: withJob(state, failed), effects: [], reason: `the checkpoint at step ${step} is lost: ${message}; job "${jobId}" does without it` };
  return failJob(state, failed, code, `checkpoint at step ${step} could not be stored: ${message}`);
}

/** A job that goes on from its newest checkpoint looks for that when all of its checkpoints are where they belong. */
export function reopening({ request, storing, status }: Job): Effect[] {
  return status.phase === 'queued' && status.reopening && storing.length === 0 ? [{ type: 'reopenJob', jobId: request.id }] : [];
}

/** Training goes on without the store; what it was to keep waits. */
export function storeLost(state: ClusterState, { since }: EventOf<'storeLost'>): Decision {
  if (state.storeOutage !== null) return ignore(state, `the store is unreachable since ${state.storeOutage} already`);
  return { next: { ...state, storeOutage: since }, effects: [], reason: `the store is unreachable since ${since}: checkpoints wait` };
}

/** What waited goes to the store, oldest first. */
export function storeFound(state: ClusterState): Decision {
  if (state.storeOutage === null) return ignore(state, 'the store was reachable all the time');
  return { next: { ...state, storeOutage: null }, effects: [], reason: 'the store is reachable again' };
}
