import { LangevinError, parseCheckpointManifest } from '@langevin/contracts';
import { readDocument } from './documents.js';
import { blobKey, checkpointKey } from './layout.js';
import type { ObjectStore } from './object-store.js';
import { measure } from './sha256.js';

/** What was found when every byte of a checkpoint was read. */
export interface CheckpointVerdict {
  readonly run: string;
  readonly step: number;
  /** Digest of the manifest; absent when that is damaged itself. */
  readonly digest?: string;
  /** Bytes of files that were read. */
  readonly bytes: number;
  /** What is damaged, each naming a key of the store; empty when nothing is. */
  readonly problems: readonly string[];
}

/**
 * Reads every byte of a committed checkpoint and compares it with what the manifest says. Holds no file in memory.
 * @throws LangevinError when the store cannot be read, which says nothing about the checkpoint
 */
export async function verifyCheckpoint(store: ObjectStore, run: string, step: number): Promise<CheckpointVerdict> {
  const problems: string[] = [];
  const note = (thrown: unknown): void => {
    if (!(thrown instanceof LangevinError) || !['object_corrupt', 'object_missing'].includes(thrown.code)) throw thrown;
    problems.push(thrown.message);
  };
  try {
    const { ref, value } = await readDocument(store, checkpointKey(run, step));
    const manifest = parseCheckpointManifest(value);
    let bytes = 0;
    for (const { path, digest, size } of manifest.files) {
      try {
        bytes += await checkBlob(store, path, digest, size);
      } catch (thrown) {
        note(thrown);
      }
    }
    return { run, step, digest: ref.digest, bytes, problems };
  } catch (thrown) {
    note(thrown);
    return { run, step, bytes: 0, problems };
  }
}

async function checkBlob(store: ObjectStore, path: string, digest: string, size: number): Promise<number> {
  const key = blobKey(digest);
  const found = await measure({ size, open: () => store.stream(key) });
  if (found.digest === digest && found.size === size) return found.size;
  const what = found.size === size ? `its sha256 is ${found.digest} instead of ${digest}` : `it has ${found.size} bytes instead of ${size}`;
  throw new LangevinError('object_corrupt', `${path}: ${store.location}: ${key} is damaged: ${what}`);
}
