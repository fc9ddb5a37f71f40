import { LangevinError, parseCheckpointManifest, type CheckpointFile, type CheckpointManifest } from '@langevin/contracts';
import { getBlob } from './blobs.js';
import type { PublishedCheckpoint } from './checkpoint-publisher.js';
import { readDocument, readDocumentByDigest } from './documents.js';
import { checkpointKey, checkpointsPrefix, runKey, stepOfKey } from './layout.js';
import type { ObjectStore } from './object-store.js';
import { listRuns } from './runs.js';

/** A checkpoint with its files, every byte checked. */
export interface LoadedCheckpoint extends PublishedCheckpoint {
  /** Content by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** How to read a checkpoint. */
export interface ReadCheckpointOptions {
  /** Which files are loaded and checked. @default all */
  readonly roles?: readonly CheckpointFile['role'][];
  /** Told about each newer checkpoint that `latest` passes over because it is damaged: what is, and how. */
  readonly onWarning?: (message: string) => void;
}

/** Steps of a run that have a committed checkpoint, ascending. */
export async function listCheckpoints(store: ObjectStore, run: string): Promise<number[]> {
  const steps: number[] = [];
  for await (const { key } of store.list(checkpointsPrefix(run))) {
    const step = stepOfKey(key);
    if (step !== undefined) steps.push(step);
  }
  return steps;
}

/**
 * Reads the checkpoint of a step, or the newest one that is whole: `latest` passes over damaged ones, loudly. A store
 * that cannot be read is an error, no damage: it never makes `latest` go back.
 *
 * @throws LangevinError `run_unknown`; `checkpoint_missing` with the steps that exist; `checkpoint_corrupt` naming the
 * damaged object
 */
export async function readCheckpoint(
  store: ObjectStore,
  run: string,
  step: number | 'latest',
  options: ReadCheckpointOptions = {},
): Promise<LoadedCheckpoint> {
  const steps = await knownSteps(store, run);
  if (step !== 'latest') {
    if (steps.includes(step)) return load(store, run, step, options);
    throw new LangevinError('checkpoint_missing', `run "${run}" has no checkpoint at step ${step}; it has ${steps.join(', ') || 'none'}`);
  }
  if (steps.length === 0) throw new LangevinError('checkpoint_missing', `run "${run}" has no checkpoint yet`);
  const damages: string[] = [];
  for (const candidate of steps.reverse()) {
    try {
      return await load(store, run, candidate, options);
    } catch (thrown) {
      if (!(thrown instanceof LangevinError) || thrown.code !== 'checkpoint_corrupt') throw thrown;
      damages.push(thrown.message);
      options.onWarning?.(thrown.message);
    }
  }
  throw new LangevinError('checkpoint_corrupt', `every checkpoint of run "${run}" is damaged: ${damages.join('; ')}`);
}

/**
 * The manifest of a checkpoint by its digest.
 * @throws LangevinError `checkpoint_missing`, `object_corrupt`
 */
export async function readManifest(store: ObjectStore, digest: string): Promise<CheckpointManifest> {
  try {
    return parseCheckpointManifest(await readDocumentByDigest(store, digest));
  } catch (thrown) {
    if (!isDamage(thrown, 'object_missing')) throw thrown;
    throw new LangevinError('checkpoint_missing', `${store.location} holds no checkpoint ${digest}`, { cause: thrown });
  }
}

/**
 * The files of a checkpoint that have one of `roles`, every byte checked.
 * @throws LangevinError `object_missing`, `object_corrupt`
 */
export async function readCheckpointFiles(
  store: ObjectStore,
  manifest: CheckpointManifest,
  roles: readonly CheckpointFile['role'][] = ['weights', 'ema', 'optimizer'],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const file of manifest.files) {
    if (roles.includes(file.role)) files.set(file.path, await getBlob(store, { digest: file.digest, size: file.size }));
  }
  return files;
}

async function load(store: ObjectStore, run: string, step: number, options: ReadCheckpointOptions): Promise<LoadedCheckpoint> {
  try {
    const { ref, value } = await readDocument(store, checkpointKey(run, step));
    const manifest = parseCheckpointManifest(value);
    return { digest: ref.digest, manifest, files: await readCheckpointFiles(store, manifest, options.roles) };
  } catch (thrown) {
    if (!isDamage(thrown, 'object_missing') && !isDamage(thrown, 'object_corrupt')) throw thrown;
    throw new LangevinError('checkpoint_corrupt', `checkpoint ${step} of run "${run}": ${LangevinError.from(thrown).message}`, { cause: thrown });
  }
}

async function knownSteps(store: ObjectStore, run: string): Promise<number[]> {
  const steps = await listCheckpoints(store, run);
  if (steps.length === 0 && (await store.head(runKey(run))) === undefined) {
    const runs = await listRuns(store);
    throw new LangevinError('run_unknown', `there is no run "${run}" in ${store.location}; there is ${runs.join(', ') || 'none'}`);
  }
  return steps;
}

function isDamage(thrown: unknown, code: 'object_missing' | 'object_corrupt'): boolean {
  return thrown instanceof LangevinError && thrown.code === code;
}
