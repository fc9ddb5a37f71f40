import { createHash } from 'node:crypto';
import type { Effect } from '@langevin/cluster-core';
import { LangevinError, type CheckpointFile, type CheckpointManifest, type ProcessConfig } from '@langevin/contracts';
import { samplesSeen } from '@langevin/datasets';
import { ddpmProcess, scheduleIdentity } from '@langevin/diffusion-core';
import { publishCheckpoint } from '@langevin/registry';
import type { CoordinatorContext } from './context.js';
import { imagesPerStep } from './job-record.js';

type StoreCheckpoint = Extract<Effect, { type: 'storeCheckpoint' }>;

/** Copies the state files from the trainer that holds them into the store, and reports how that went. Never throws. */
export async function storeCheckpoint(context: CoordinatorContext, effect: StoreCheckpoint): Promise<void> {
  const { jobId, step, fromTrainerId } = effect;
  try {
    const facts = describeCheckpoint(context, jobId, step);
    const contents = [];
    for (const { role, digest, size } of effect.files) {
      const content = await context.connections.pull(fromTrainerId, digest, { size });
      contents.push({ path: `${role}.safetensors`, role: role as CheckpointFile['role'], content }); // The manifest's schema checks it.
    }
    const { digest, manifest } = await publishCheckpoint(context.store, facts, contents);
    const weightsSha256 = manifest.files.find((file) => file.role === 'weights')?.digest ?? '';
    context.dispatch({ type: 'checkpointStored', jobId, step, manifestDigest: digest, weightsSha256 });
  } catch (thrown) {
    const { code, message } = LangevinError.from(thrown, 'storage_failed');
    context.dispatch({ type: 'checkpointFailed', jobId, step, code, message });
  }
}

/** Everything that the manifest says besides its files, as the cluster stands at the checkpoint's step. */
function describeCheckpoint(context: CoordinatorContext, jobId: string, step: number): Omit<CheckpointManifest, 'files'> {
  const { spec, dataset, datasetRef } = context.book.get(jobId);
  const job = context.state().jobs.find((other) => other.request.id === jobId);
  if (job?.status.phase !== 'running') throw new LangevinError('internal', `job "${jobId}" does not run: nothing to store`);
  const order = { seed: spec.seed, samples: dataset.splits[spec.dataset.split].samples, globalBatch: imagesPerStep(spec) };
  return {
    schemaVersion: 1,
    kind: 'checkpoint',
    run: jobId,
    step,
    samplesSeen: samplesSeen(order, step),
    loss: job.loss,
    spec: { ...spec },
    scheduleDigest: scheduleDigest(spec.process),
    datasetDigest: datasetRef.digest,
    numericsClass: { ...job.status.numericsClass },
  };
}

/** Two models fit together, a denoiser and a classifier say, when this digest of their noise levels is equal. */
function scheduleDigest(config: ProcessConfig): string {
  return createHash('sha256').update(scheduleIdentity(ddpmProcess(config))).digest('hex');
}
