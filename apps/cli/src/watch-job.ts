import { setTimeout as sleep } from 'node:timers/promises';
import { LangevinError, type ErrorCode, type JobSpec } from '@langevin/contracts';
import { receive, type Job, type Job__Output, type RpcClient } from '@langevin/rpc';
import { formatLoss } from './job-text.js';
import { formatDuration, ProgressBar } from './progress-bar.js';

/** A coordinator that is started anew is back within seconds. */
const patienceMs = 60_000;
const againMs = 300;

/**
 * Follows a job with a progress bar until it has ended.
 * @returns the job as it ended, succeeded or cancelled
 * @throws LangevinError the job's own error when it failed; `cancelled` when `signal` was aborted, the job goes on then;
 * `unavailable` when the coordinator stays away for more than a minute
 */
export async function watchJob(jobs: RpcClient<'Jobs'>, spec: JobSpec, quiet: boolean, signal: AbortSignal): Promise<Job> {
  const bar = new ProgressBar('training');
  const images = spec.training.virtualWorkers * spec.training.microBatch;
  let last: Job__Output | null = null;
  try {
    for await (const job of patiently(jobs, spec.name, signal, () => !quiet && bar.say('the coordinator is away: the job goes on when it is back'))) {
      last = job;
      if (!quiet) bar.show(Number(job.step), Number(job.totalSteps), factsOf(job, images));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    bar.end();
  }
  if (signal.aborted) throw new LangevinError('cancelled', `stopped watching; job "${spec.name}" goes on`);
  if (!last) throw new LangevinError('unavailable', 'the coordinator ended before it said how the job stands');
  if (last.phase === 'JOB_PHASE_FAILED') throw new LangevinError(last.errorCode as ErrorCode, `job "${last.id}" failed: ${last.reason}`);
  return last;
}

/** What becomes of a job, also while its coordinator is started anew. @throws LangevinError as `watchJob` */
async function* patiently(jobs: RpcClient<'Jobs'>, id: string, signal: AbortSignal, onAway: () => void): AsyncGenerator<Job__Output, void, undefined> {
  for (let awaySince: number | null = null; ; ) {
    try {
      for await (const job of receive(jobs.watch({ id }, { signal }), jobs.peer)) {
        awaySince = null;
        yield job;
      }
      return;
    } catch (thrown) {
      const error = LangevinError.from(thrown);
      awaySince ??= performance.now();
      if (signal.aborted || error.code !== 'unavailable') throw error;
      if (performance.now() - awaySince > patienceMs) throw new LangevinError('unavailable', `${error.message}; start one again on the same data folder: job "${id}" goes on by itself`, { cause: error });
      onAway();
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

function factsOf(job: Job__Output, imagesPerStep: number): string {
  if (job.phase !== 'JOB_PHASE_RUNNING' || job.imagesPerSecond === 0) return job.reason;
  const left = ((Number(job.totalSteps) - Number(job.step)) * imagesPerStep) / job.imagesPerSecond;
  return `loss ${formatLoss(job.loss)} · ${job.imagesPerSecond.toFixed(0)} images/s · ${formatDuration(left)} left`;
}
