import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { DirectoryStore, type ObjectStore } from '@langevin/registry';

/** Where checkpoints lie: a store, the path of a directory that is one, or the data directory of a coordinator. */
export type StoreLocation = { readonly store: string | ObjectStore } | { readonly dataDir: string };

/** The store within a coordinator's data directory. */
const storeFolder = 'store';

/**
 * Opens a store to read from; unlike a coordinator it creates none.
 * @throws LangevinError `storage_failed` when there is no store at that place
 */
export async function openStore(location: StoreLocation): Promise<ObjectStore> {
  const store = 'store' in location ? location.store : join(location.dataDir, storeFolder);
  if (typeof store !== 'string') return store;
  const path = resolve(store);
  const info = await stat(path).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw new LangevinError('storage_failed', `there is no store at ${path}; name the data directory of a coordinator that has trained a model`);
  }
  return DirectoryStore.open(path);
}
