import { LangevinError, type JobSpec } from '@langevin/contracts';
import { importDataset } from '@langevin/datasets';
import { DirectoryStore } from '@langevin/registry';
import { connect, type Job } from '@langevin/rpc';
import { startLocalCluster } from '../cluster-processes.js';
import type { Output } from '../output.js';
import { watchJob } from '../watch-job.js';

/** A training that has succeeded. */
export interface TrainedDigits {
  readonly job: Job;
  /** What the trainers computed with. */
  readonly backend: string;
  /** Mean speed of the steps that were trained now; null when there were none left to train. */
  readonly imagesPerSecond: number | null;
}

const threadsPerTrainer = 1;

/**
 * Starts a cluster on this machine, imports the data, trains the job, and stops the cluster again. A job that was
 * interrupted earlier continues from its last checkpoint.
 * @throws LangevinError why it could not be done; `cancelled` when `signal` was aborted
 */
export async function trainDigits(dataDir: string, spec: JobSpec, trainers: number, output: Output, signal: AbortSignal): Promise<TrainedDigits> {
  await using cluster = await startLocalCluster(dataDir, 0, trainers, threadsPerTrainer);
  output.say(`coordinator on ${cluster.address}, ${trainers} trainer process${trainers === 1 ? '' : 'es'}; logs in ${dataDir}/logs`);
  const { manifest } = await importDataset(await DirectoryStore.open(cluster.folder.store), spec.dataset.name);
  output.say(`dataset ${manifest.name}: ${manifest.splits.train.samples} digits to learn from, ${manifest.splits.test.samples} held out`);
  using jobs = connect(cluster.address, cluster.folder.token(), 'Jobs');
  const submitted = await jobs.submit({ specJson: JSON.stringify(spec) });
  const from = Number(submitted.startedAtStep);
  if (from > 0) output.say(`job ${spec.name} continues from its checkpoint at step ${from} of ${spec.training.steps}`);
  const { trainers: attached } = await jobs.trainers({});
  const startedAt = performance.now();
  const job = await Promise.race([watchJob(jobs, spec, output.json, signal), cluster.failure]);
  if (job.phase !== 'JOB_PHASE_SUCCEEDED') throw new LangevinError('cancelled', `job "${spec.name}" was cancelled`);
  const images = (spec.training.steps - from) * spec.training.virtualWorkers * spec.training.microBatch;
  const seconds = (performance.now() - startedAt) / 1000;
  return { job, backend: attached[0]?.numerics.backend ?? 'unknown', imagesPerSecond: images > 0 ? images / seconds : null };
}
