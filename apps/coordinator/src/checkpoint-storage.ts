import { createHash } from 'node:crypto';
import type { Effect } from '@langevin/cluster-core';
import { isClassifierJob, LangevinError, parseFileRole, parseMetrics, type CheckpointManifest, type Metrics, type ProcessConfig } from '@langevin/contracts';
import { samplesSeen } from '@langevin/datasets';
import { ddpmProcess, scheduleIdentity } from '@langevin/diffusion-core/planning';
import type { SpooledCheckpoint } from '@langevin/registry';
import type { CoordinatorContext } from './context.js';
import { imagesPerStep } from './job-record.js';
import { weightsOf } from './spool-publisher.js';

type StoreCheckpoint = Extract<Effect, { type: 'storeCheckpoint' }>;

/**
 * Copies the state files from the trainer that holds them, which may drop them then, brings the copy into the store as soon as
 * that can be reached, and reports how both went. Never throws.
 */
export async function storeCheckpoint(context: CoordinatorContext, effect: StoreCheckpoint): Promise<void> {
  const { jobId, step, fromTrainerId } = effect;
  try {
    const entry = await copyToSpool(context, effect);
    if (entry instanceof LangevinError) return context.dispatch({ type: 'copyFailed', jobId, step, trainerId: fromTrainerId, message: entry.message });
    context.dispatch({ type: 'checkpointCopied', jobId, step });
    // Whoever continues from the checkpoint, on whatever machine, finds the curve up to it.
    await context.sealMetrics(jobId);
    const { digest, manifest } = await context.publisher.add(entry);
    context.dispatch({ type: 'checkpointStored', jobId, step, manifestDigest: digest, weightsSha256: weightsOf(manifest) });
  } catch (thrown) {
    const { code, message } = LangevinError.from(thrown, 'storage_failed');
    context.dispatch({ type: 'checkpointFailed', jobId, step, code, message });
  }
}

/** The copy in the spool, or why the trainer did not give what it has; whatever else goes wrong is thrown. */
async function copyToSpool({ spool, connections, ...context }: CoordinatorContext, { jobId, step, loss, fromTrainerId, files }: StoreCheckpoint): Promise<SpooledCheckpoint | LangevinError> {
  const facts = describeCheckpoint(context, jobId, step, loss);
  const draft = spool.draft(jobId, step);
  try {
    let metrics: Metrics = {};
    for (const { role, digest, size } of files) {
      // It becomes the name of a file.
      const known = role === 'metrics' ? role : parseFileRole(role);
      const content = await Promise.resolve()
        .then(() => connections.pull(fromTrainerId, digest, { size }))
        .catch((thrown: unknown) => LangevinError.from(thrown));
      if (content instanceof LangevinError) {
        await draft.discard();
        return content;
      }
      if (known === 'metrics') metrics = decodeMetrics(content);
      else await draft.add({ path: `${known}.safetensors`, role: known, digest, size }, content);
    }
    return await draft.commit({ ...facts, metrics });
  } catch (thrown) {
    await draft.discard();
    throw thrown;
  }
}

/** Everything that the manifest says besides its files, as the cluster stands at the checkpoint's step. */
function describeCheckpoint(context: Pick<CoordinatorContext, 'book' | 'state'>, jobId: string, step: number, loss: number | null): Omit<CheckpointManifest, 'files' | 'metrics'> {
  const { spec, dataset, datasetRef, forkOf } = context.book.get(jobId);
  const job = context.state().jobs.find((other) => other.request.id === jobId);
  if (job?.status.phase !== 'running') throw new LangevinError('internal', `job "${jobId}" does not run: nothing to store`);
  const order = { seed: spec.seed, samples: dataset.splits[spec.dataset.split].samples, globalBatch: imagesPerStep(spec) };
  return {
    schemaVersion: 1,
    kind: 'checkpoint',
    run: jobId,
    step,
    samplesSeen: samplesSeen(order, step),
    loss,
    spec: { ...spec },
    guidanceRole: isClassifierJob(spec) ? 'noisy-classifier' : 'denoiser',
    scheduleDigest: scheduleDigest(spec.process),
    datasetDigest: datasetRef.digest,
    ...(forkOf === null ? {} : { forkOf }),
    numericsClass: { ...job.status.numericsClass },
  };
}

/** The trainers measure what they are about to hand over; all of them must have found the same numbers. */
function decodeMetrics(json: Uint8Array): Metrics {
  return parseMetrics(JSON.parse(new TextDecoder().decode(json)));
}

/** Two models fit together, a denoiser and a classifier say, when this digest of their noise levels is equal. */
function scheduleDigest(config: ProcessConfig): string {
  return createHash('sha256').update(scheduleIdentity(ddpmProcess(config))).digest('hex');
}
