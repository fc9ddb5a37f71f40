import { canonicalJson } from '@langevin/contracts';
import { resolveCheckpoint, type PublishedCheckpoint } from '@langevin/registry';
import { openStore, type StoreLocation } from '../open-store.js';
import { pullFiles, type PullOptions } from './pull-files.js';
import type { PullResult } from './pull-plan.js';

/** Which checkpoint is pulled, whence and where to. */
export type PullCheckpointOptions = StoreLocation &
  PullOptions & {
    /** `RUN` (its newest), `RUN:STEP` or `sha256:DIGEST`. */
    readonly checkpoint: string;
    /** The directory to make. */
    readonly out: string;
    /** Told about each damaged manifest that the newest of a run passes over. @default nobody */
    readonly onWarning?: (message: string) => void;
  };

/**
 * Pulls a whole checkpoint, byte for byte: its files and `manifest.json`, whose sha256 is the checkpoint's name. Every byte is
 * checked; the directory is there whole or not at all; an interrupted pull goes on where it stopped.
 *
 * @throws LangevinError `run_unknown`, `checkpoint_missing` saying what there is; `invalid_argument` for a bad reference;
 * `object_exists`, `object_corrupt`, `storage_full`, `storage_failed`, `cancelled`; the store's own errors
 */
export async function pullCheckpoint(options: PullCheckpointOptions): Promise<PullResult & PublishedCheckpoint> {
  const store = await openStore(options);
  const found = await resolveCheckpoint(store, options.checkpoint, options.onWarning);
  const content = new TextEncoder().encode(canonicalJson(found.manifest));
  const plan = {
    id: found.digest.slice(0, 16),
    files: found.manifest.files.map(({ path, digest, size }) => ({ path, blob: { digest, size } })),
    label: { path: 'manifest.json', content, same: (other: Uint8Array) => Buffer.from(other).equals(content) },
  };
  return { ...(await pullFiles(store, plan, options.out, options)), ...found };
}
