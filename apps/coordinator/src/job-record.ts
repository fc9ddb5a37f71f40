import type { BlobRef, DatasetManifest, JobSpec } from '@langevin/contracts';
import type { PublishedCheckpoint } from '@langevin/registry';
import type { Throughput } from './throughput.js';

/** What the coordinator remembers of a job besides its place in the state machine. */
export interface JobRecord {
  readonly spec: JobSpec;
  readonly dataset: DatasetManifest;
  /** The blob that holds the dataset's manifest. */
  readonly datasetRef: BlobRef;
  /** The checkpoint that this attempt continues from. */
  readonly resumeFrom: PublishedCheckpoint | null;
  /** Digest of the checkpoint of another run that this run began from; null if it began from the seed. */
  readonly forkOf: string | null;
  /** What was passed over to find the checkpoint to continue from, for people. */
  readonly warnings: readonly string[];
  /** Checkpoints of the run up to that one. */
  readonly earlierCheckpoints: number;
  readonly throughput: Throughput;
  /** The last step that was committed. */
  committedStep: number;
}

/** Images that one step of a job consumes. */
export function imagesPerStep(spec: JobSpec): number {
  return spec.training.virtualWorkers * spec.training.microBatch;
}
