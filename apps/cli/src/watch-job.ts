import { LangevinError, type ErrorCode, type JobSpec } from '@langevin/contracts';
import { receive, type Job, type Job__Output, type RpcClient } from '@langevin/rpc';
import { formatLoss } from './job-text.js';
import { formatDuration, ProgressBar } from './progress-bar.js';

/**
 * Follows a job with a progress bar until it has ended.
 * @returns the job as it ended, succeeded or cancelled
 * @throws LangevinError the job's own error when it failed; `cancelled` when `signal` was aborted, the job goes on then;
 * `unavailable` when the coordinator has gone
 */
export async function watchJob(jobs: RpcClient<'Jobs'>, spec: JobSpec, quiet: boolean, signal: AbortSignal): Promise<Job> {
  const bar = new ProgressBar('training');
  const images = spec.training.virtualWorkers * spec.training.microBatch;
  let last: Job__Output | null = null;
  try {
    for await (const job of receive(jobs.watch({ id: spec.name }, { signal }), jobs.peer)) {
      last = job;
      if (!quiet) bar.show(Number(job.step), Number(job.totalSteps), factsOf(job, images));
    }
  } catch (error) {
    if (!signal.aborted) throw withAdvice(error, spec.name);
  } finally {
    bar.end();
  }
  if (signal.aborted) throw new LangevinError('cancelled', `stopped watching; job "${spec.name}" goes on`);
  if (!last) throw new LangevinError('unavailable', 'the coordinator ended before it said how the job stands');
  if (last.phase === 'JOB_PHASE_FAILED') throw new LangevinError(last.errorCode as ErrorCode, `job "${last.id}" failed: ${last.reason}`);
  return last;
}

/** A coordinator that has gone has forgotten its jobs: their checkpoints stay. */
function withAdvice(thrown: unknown, job: string): LangevinError {
  const error = LangevinError.from(thrown);
  if (error.code !== 'unavailable') return error;
  return new LangevinError('unavailable', `${error.message}; start one again and submit job "${job}" again: it continues from its last checkpoint`, { cause: error });
}

function factsOf(job: Job__Output, imagesPerStep: number): string {
  if (job.phase !== 'JOB_PHASE_RUNNING' || job.imagesPerSecond === 0) return job.reason;
  const left = ((Number(job.totalSteps) - Number(job.step)) * imagesPerStep) / job.imagesPerSecond;
  return `loss ${formatLoss(job.loss)} · ${job.imagesPerSecond.toFixed(0)} images/s · ${formatDuration(left)} left`;
}
