import { andThen, ignore, type Decision } from './decision.js';
import type { CheckpointEvent } from './event.js';
import type { Job } from './job.js';
import { withoutCopy } from './kept.js';
import { findJob, withJob } from './records.js';
import type { ClusterState } from './state.js';

/**
 * One of those that keep the files of a checkpoint is gone: they are copied from another. When none is left, the job does
 * without this checkpoint.
 */
export function recopy(state: ClusterState, job: Job, lostId: string): Decision {
  const { copying } = job;
  if (!copying?.holders.includes(lostId)) return { next: state, effects: [], reason: '' };
  const holders = copying.holders.filter((id) => id !== lostId);
  const [from] = holders;
  if (from === undefined) {
    return { next: withJob(state, withoutCopy(job)), effects: [], reason: `the checkpoint at step ${copying.step} is lost with it` };
  }
  const next = withJob(state, { ...job, copying: { ...copying, holders } });
  if (copying.holders[0] !== lostId) return { next, effects: [], reason: '' };
  const { step, loss, files } = copying;
  return { next, effects: [{ type: 'storeCheckpoint', jobId: job.request.id, step, loss, fromTrainerId: from, files }], reason: `the checkpoint at step ${step} is copied from ${from} instead` };
}

/** A copy broke off. If its trainer is gone, that is an event of its own, and has moved the copy already. */
export function copyFailed(state: ClusterState, event: Extract<CheckpointEvent, { type: 'copyFailed' }>): Decision {
  const job = findJob(state, event.jobId);
  if (job?.copying?.step !== event.step || job.copying.holders[0] !== event.trainerId) return ignore(state, `nobody copies the checkpoint of job "${event.jobId}" at step ${event.step} from ${event.trainerId}`);
  const failed: Decision = { next: state, effects: [], reason: `the checkpoint at step ${event.step} could not be copied from ${event.trainerId}: ${event.message}` };
  return andThen(failed, (next) => recopy(next, job, event.trainerId));
}
