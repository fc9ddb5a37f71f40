import { setTimeout } from 'node:timers/promises';
import { LangevinError, type JobSpec } from '@langevin/contracts';
import { importDataset } from '@langevin/datasets';
import { connect, type Job } from '@langevin/rpc';
import type { LocalCluster } from '../cluster-processes.js';
import { openCliStore } from '../open-store.js';
import type { Output } from '../output.js';
import type { DemoOptions } from './demo-spec.js';
import { watchJob } from '../watch-job.js';

/** A training that has succeeded. */
export interface TrainedDigits {
  readonly job: Job;
  /** What the trainers computed with. */
  readonly backend: string;
  /** Mean speed of the steps that were trained now; null when there were none left to train. */
  readonly imagesPerSecond: number | null;
}

/**
 * Imports the data and trains the job on the cluster. A job that was interrupted earlier continues from its last checkpoint.
 * @throws LangevinError why it could not be done; `cancelled` when `signal` was aborted
 */
export async function trainDigits(cluster: LocalCluster, options: DemoOptions, spec: JobSpec, output: Output, signal: AbortSignal): Promise<TrainedDigits> {
  const { manifest } = await importDataset(await openCliStore(options, true), spec.dataset.name);
  output.say(`dataset ${manifest.name}: ${manifest.splits.train.samples} digits to learn from, ${manifest.splits.test.samples} held out`);
  if (signal.aborted) throw stopped();
  using jobs = connect(cluster.address, cluster.folder.token(), 'Jobs');
  const submitted = await jobs.submit({ specJson: JSON.stringify(spec) });
  const from = Number(submitted.startedAtStep);
  if (from > 0) output.say(`job ${spec.name} ${from < spec.training.steps ? 'continues from its checkpoint' : 'was finished before'} at step ${from} of ${spec.training.steps}`);
  const { trainers: attached } = await jobs.trainers({});
  const startedAt = performance.now();
  const watched = watchJob(jobs, spec, output.json, signal).catch((error: unknown) => {
    throw signal.aborted ? stopped() : error;
  });
  const job = await Promise.race([watched, cluster.failure.catch((error: unknown) => ownWords(watched, error))]);
  if (job.phase !== 'JOB_PHASE_SUCCEEDED') throw new LangevinError('cancelled', `job "${spec.name}" was cancelled`);
  const images = (spec.training.steps - from) * spec.training.virtualWorkers * spec.training.microBatch;
  const seconds = (performance.now() - startedAt) / 1000;
  return { job, backend: attached[0]?.numerics.backend ?? 'unknown', imagesPerSecond: images > 0 ? images / seconds : null };
}

function stopped(): LangevinError {
  return new LangevinError('cancelled', 'stopped; the same command continues from the last checkpoint');
}

/** How long the coordinator is given to say what the end of a process means for the job. */
const lastWordsMs = 2000;

/** A process of the cluster has ended with `error`: the job's own error says more, who was lost and where it continues. */
async function ownWords(watched: Promise<Job>, error: unknown): Promise<Job> {
  const patience = new AbortController();
  const silence = setTimeout(lastWordsMs, undefined, { signal: patience.signal }).then(() => {
    throw error;
  });
  try {
    return await Promise.race([watched, silence]);
  } finally {
    silence.catch(() => {
      // Aborted: the words came in time.
    });
    patience.abort();
  }
}
