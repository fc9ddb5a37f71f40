import { LangevinError, canonicalJson, parseModelVersion, type CheckpointManifest, type ModelVersion } from '@langevin/contracts';
import { readManifest } from '../checkpoint-reader.js';
import { createDocument, readDocument } from '../documents.js';
import { blobKey, checkpointKey, modelVersionKey } from '../layout.js';
import type { ObjectStore } from '../object-store.js';
import { sha256Hex } from '../sha256.js';
import type { ChangeContext } from './change-context.js';
import { listModelVersions, versionAt } from './model-versions.js';

/** What becomes a version of which model. */
export interface ModelRegistration {
  /** Name of the model; the first version makes it. */
  readonly model: string;
  /** sha256 of the manifest of a committed checkpoint. Never a path: what a path holds may change. */
  readonly checkpoint: string;
  readonly note?: string;
  /** Under which licence the weights may be used, e.g. an SPDX identifier. */
  readonly license?: string;
}

/** The version of a registration; `created` is false when the model had the checkpoint already. */
export interface RegisteredVersion {
  readonly created: boolean;
  readonly version: ModelVersion;
}

/**
 * Makes a checkpoint the next version of a model. The number is the lowest that was never taken; whoever creates its key
 * first has it, and no number is given twice. Of a checkpoint that is a version already nothing new is made, however many
 * registrations of it run at the same time.
 *
 * @throws LangevinError `checkpoint_missing` for a digest of no committed checkpoint; `checkpoint_corrupt` when a file of it is
 * gone or cut short; `object_corrupt` naming a damaged version; `invalid_argument` for a bad name
 */
export async function registerModel(store: ObjectStore, registration: ModelRegistration, context: ChangeContext): Promise<RegisteredVersion> {
  const manifest = await committedManifest(store, registration.checkpoint);
  await checkFiles(store, manifest);
  const draft = draftVersion(registration, manifest, context);
  const versions = await listModelVersions(store, registration.model);
  for (const version of versions) {
    const existing = await versionAt(store, registration.model, version);
    if (existing.checkpoint === registration.checkpoint) return { created: false, version: existing };
  }
  // Numbers are taken in ascending order, so a concurrent registration of the same checkpoint is met on the way up.
  for (let number = (versions.at(-1) ?? 0) + 1; ; number++) {
    const version = parseModelVersion({ ...draft, version: number });
    const result = await createDocument(store, modelVersionKey(registration.model, number), version, { repair: false });
    // `same` carries this call's own writeId: the answer to an earlier attempt had been lost.
    if (result.status !== 'taken') return { created: true, version };
    const existing = parseModelVersion(result.existing);
    if (existing.checkpoint === registration.checkpoint) return { created: false, version: existing };
  }
}

/** A manifest that lies in the store counts only if the key of its step says so: that key is the commit. */
async function committedManifest(store: ObjectStore, digest: string): Promise<CheckpointManifest> {
  const manifest = await readManifest(store, digest);
  const key = checkpointKey(manifest.run, manifest.step);
  const isCommitted = (await store.head(key)) !== undefined && (await readDocument(store, key)).ref.digest === digest;
  if (isCommitted) return manifest;
  throw new LangevinError('checkpoint_missing', `checkpoint ${digest} of run "${manifest.run}" at step ${manifest.step} was never committed; \`langevin ckpt ls --run ${manifest.run}\` lists those that were`);
}

async function checkFiles(store: ObjectStore, manifest: CheckpointManifest): Promise<void> {
  for (const { path, digest, size } of manifest.files) {
    const found = (await store.head(blobKey(digest)))?.size;
    if (found === size) continue;
    const state = found === undefined ? 'is gone' : `has ${found} bytes instead of ${size}`;
    throw new LangevinError('checkpoint_corrupt', `checkpoint ${manifest.step} of run "${manifest.run}": ${path} (${store.location}: ${blobKey(digest)}) ${state}`);
  }
}

function draftVersion(registration: ModelRegistration, manifest: CheckpointManifest, context: ChangeContext): Omit<ModelVersion, 'version'> {
  const { model, checkpoint, note, license } = registration;
  const { run, step, guidanceRole, scheduleDigest, metrics } = manifest;
  const weights = manifest.files.find((file) => file.role === 'ema')?.digest;
  if (weights === undefined) {
    throw new LangevinError('checkpoint_missing', `checkpoint ${step} of run "${run}" has no averaged weights to make a model of; it has ${manifest.files.map((file) => file.role).join(', ')}`);
  }
  return {
    schemaVersion: 1,
    kind: 'model-version',
    name: model,
    checkpoint,
    run,
    step,
    guidanceRole,
    scheduleDigest,
    weights,
    metrics,
    ...(license === undefined ? {} : { license }),
    ...(note === undefined ? {} : { note }),
    createdAt: new Date(context.now()).toISOString(),
    actor: context.actor,
    writeId: context.newId(),
    lineage: { datasetDigest: manifest.datasetDigest, specDigest: sha256Hex(canonicalJson(manifest.spec)) },
  };
}
