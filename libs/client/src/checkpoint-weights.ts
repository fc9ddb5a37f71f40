import { LangevinError, parseJobSpec, type JobSpec } from '@langevin/contracts';
import { decodeSafetensors, importTensors, modelLayout } from '@langevin/diffusion-core/io';
import { readCheckpoint, type LoadedCheckpoint } from '@langevin/registry';
import { openStore, type StoreLocation } from './open-store.js';

/** Which weights: those that training ended with, or their running average, which usually samples better. */
export type WeightsRole = 'ema' | 'weights';

/** Which checkpoint is read, and what of it. */
export interface CheckpointChoice {
  /** Name of the run. */
  readonly run: string;
  /** A step that has a checkpoint, or the newest one that is whole. @default 'latest' */
  readonly step?: number | 'latest';
  /** @default 'ema' */
  readonly weights?: WeightsRole;
  /** Told about each damaged checkpoint that `latest` passes over. @default nobody */
  readonly onWarning?: (message: string) => void;
}

/** The weights of one checkpoint, every byte checked, with what is needed to use them. */
export interface CheckpointWeights<S extends JobSpec = JobSpec> {
  readonly run: string;
  readonly step: number;
  /** sha256 of the checkpoint's manifest: its name. */
  readonly digest: string;
  readonly weights: WeightsRole;
  /** What trained them: network and forward process among it. */
  readonly spec: S;
  /** Flat, in the order of the network's layout. */
  readonly parameters: Float32Array;
}

/**
 * Reads the weights of a checkpoint. Needs no tensor runtime.
 *
 * @throws LangevinError `run_unknown`, `checkpoint_missing` with what there is; `checkpoint_corrupt` naming the damaged
 * object; `storage_failed` where there is no store
 */
export async function readCheckpointWeights(choice: StoreLocation & CheckpointChoice): Promise<CheckpointWeights> {
  const { run, step = 'latest', weights = 'ema', onWarning } = choice;
  const store = await openStore(choice);
  const loaded = await readCheckpoint(store, run, step, { roles: [weights], ...(onWarning && { onWarning }) });
  const { manifest, digest } = loaded;
  const spec = parseJobSpec(manifest.spec);
  return { run, step: manifest.step, digest, weights, spec, parameters: parametersOf(loaded, weights, spec) };
}

function parametersOf({ manifest, files }: LoadedCheckpoint, weights: WeightsRole, spec: JobSpec): Float32Array {
  const name = `checkpoint ${manifest.step} of run "${manifest.run}"`;
  const path = manifest.files.find((file) => file.role === weights)?.path;
  const bytes = path === undefined ? undefined : files.get(path);
  if (path === undefined || bytes === undefined) {
    const roles = manifest.files.map((file) => file.role).join(', ');
    throw new LangevinError('checkpoint_missing', `${name} has no file with the role "${weights}"; it has ${roles}`);
  }
  try {
    return importTensors(decodeSafetensors(bytes).tensors, modelLayout(spec.model));
  } catch (cause) {
    throw new LangevinError('checkpoint_corrupt', `${name}: ${path}: ${LangevinError.from(cause).message}`, { cause });
  }
}
