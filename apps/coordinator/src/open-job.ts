import { isClassifierJob, jobImageChannels, LangevinError, type JobSpec } from '@langevin/contracts';
import { readDataset } from '@langevin/datasets';
import { listCheckpoints, openRun, readCheckpoint, readManifest, type ObjectStore, type PublishedCheckpoint, type RunRecord } from '@langevin/registry';
import type { JobOrigin } from './continued-job.js';
import type { JobRecord } from './job-record.js';
import { Throughput } from './throughput.js';

/**
 * Makes a job ready to be queued: finds its data, opens its run, and finds the checkpoint to continue from: the one that
 * `origin` names, or else the newest whose every byte verifies, or else the one of another run that it began at.
 * @throws LangevinError `dataset_missing`, `job_conflict` (the name belongs to another job), `checkpoint_corrupt`
 */
export async function openJob(store: ObjectStore, spec: JobSpec, origin: JobOrigin, warn: (message: string) => void): Promise<JobRecord> {
  const { manifest: dataset, digest, size } = await readDataset(store, spec.dataset.name);
  refuseMisfit(spec, dataset.imageShape, dataset.classes);
  const warnings: string[] = [];
  const { record } = await openRun(store, spec, digest, origin.parent?.digest);
  const own = origin.from ?? (await newestCheckpoint(store, spec.name, (message) => void warnings.push(message)));
  warnings.forEach(warn);
  const resumeFrom = own ?? origin.parent ?? (await parentOf(store, record));
  const steps = await listCheckpoints(store, spec.name);
  return {
    spec,
    dataset,
    datasetRef: { digest, size },
    resumeFrom,
    forkOf: record.forkOf ?? null,
    warnings,
    earlierCheckpoints: own ? steps.filter((step) => step <= own.manifest.step).length : 0,
    throughput: new Throughput(),
    committedStep: resumeFrom?.manifest.step ?? 0,
  };
}

async function newestCheckpoint(store: ObjectStore, run: string, warn: (message: string) => void): Promise<PublishedCheckpoint | null> {
  if ((await listCheckpoints(store, run)).length === 0) return null;
  const { digest, manifest } = await readCheckpoint(store, run, 'latest', { onWarning: warn });
  return { digest, manifest };
}

/** The checkpoint that a fork began at, every byte checked: it has none of its own yet. */
async function parentOf(store: ObjectStore, { forkOf }: RunRecord): Promise<PublishedCheckpoint | null> {
  if (forkOf === undefined) return null;
  const { run, step } = await readManifest(store, forkOf);
  const { digest, manifest } = await readCheckpoint(store, run, step);
  return { digest, manifest };
}

/** Refuses data that the network of a job cannot take. @throws LangevinError `invalid_spec` */
export function refuseMisfit(spec: JobSpec, [height, width, channels]: readonly [number, number, number], classes: number): void {
  const { sample_size } = spec.model;
  const expected = jobImageChannels(spec);
  const data = `dataset ${spec.dataset.name} has ${height}×${width}×${channels} images of ${classes} classes`;
  if (sample_size !== height || sample_size !== width || expected !== channels) {
    throw new LangevinError('invalid_spec', `job spec: model.sample_size ${sample_size} with ${expected === spec.model.in_channels ? '' : 'half of '}in_channels ${spec.model.in_channels} does not fit: ${data}`);
  }
  if (isClassifierJob(spec)) {
    if (spec.model.num_classes === classes) return;
    throw new LangevinError('invalid_spec', `job spec: model.num_classes is ${spec.model.num_classes}; use ${classes}: ${data}`);
  }
  const { num_class_embeds } = spec.model;
  if (num_class_embeds !== undefined && num_class_embeds !== classes + 1) {
    throw new LangevinError('invalid_spec', `job spec: model.num_class_embeds is ${num_class_embeds}; use ${classes + 1} (the classes and the null label): ${data}`);
  }
}
