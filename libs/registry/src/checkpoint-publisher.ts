import {
  LangevinError,
  canonicalJson,
  parseCheckpointManifest,
  type CheckpointFile,
  type CheckpointManifest,
} from '@langevin/contracts';
import { putBlob } from './blobs.js';
import { createDocument } from './documents.js';
import { checkpointKey } from './layout.js';
import type { ObjectStore } from './object-store.js';
import { differences, storedIdentity } from './run-identity.js';

/** A file to be published: its bytes, or the path of a file that holds them. */
export interface CheckpointContent {
  /** Name within the checkpoint, e.g. `weights.safetensors`. */
  readonly path: string;
  readonly role: CheckpointFile['role'];
  readonly content: Uint8Array | string;
  /** sha256 that it must have. @default whatever it has */
  readonly digest?: string;
}

/** A checkpoint in a store: the digest of its manifest names it. */
export interface PublishedCheckpoint {
  readonly digest: string;
  readonly manifest: CheckpointManifest;
}

/**
 * Publishes a checkpoint: its files as blobs, then the manifest as a blob, and last the key of its step, whose creation is
 * the only commit point. A crash before that leaves blobs that nothing refers to. Publishing the same checkpoint
 * again succeeds and changes nothing; one that is damaged in the store is repaired.
 *
 * @throws LangevinError `object_exists` if the step has another checkpoint, with what differs; `object_corrupt` for a file that has
 * not the digest it must have; `storage_full`, `storage_failed`
 */
export async function publishCheckpoint(
  store: ObjectStore,
  facts: Omit<CheckpointManifest, 'files'>,
  contents: readonly CheckpointContent[],
): Promise<PublishedCheckpoint> {
  const files: CheckpointFile[] = [];
  for (const { path, role, content, digest } of contents) {
    const ref = await putBlob(store, content);
    if (digest !== undefined && digest !== ref.digest) throw damaged(path, content, ref.digest, digest);
    files.push({ path, role, ...ref });
  }
  const manifest = parseCheckpointManifest({ ...facts, files });
  const result = await createDocument(store, checkpointKey(manifest.run, manifest.step), manifest);
  if (result.status !== 'taken') return { digest: result.ref.digest, manifest };
  const existing = parseCheckpointManifest(result.existing);
  const found = differences(essence(existing), essence(manifest));
  if (found.length === 0) return { digest: result.ref.digest, manifest: existing };
  throw new LangevinError(
    'object_exists',
    `run "${manifest.run}" has another checkpoint at step ${manifest.step}: ${found.slice(0, 3).join('; ')}; it stays; train under another name`,
  );
}

function damaged(path: string, content: Uint8Array | string, got: string, wanted: string): LangevinError {
  return new LangevinError('object_corrupt', `${typeof content === 'string' ? content : path} is damaged: its sha256 is ${got} instead of ${wanted}`);
}

/** Two attempts at a step may differ in what changes no weight. */
function essence(manifest: CheckpointManifest): unknown {
  const spec = storedIdentity(manifest.spec);
  // Through JSON, so that what canonical JSON leaves out does not count as a difference.
  return JSON.parse(canonicalJson({ ...manifest, spec }));
}
