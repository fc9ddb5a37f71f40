import { openStore as openAt, storeOfDataFolder, type ObjectStore } from '@langevin/registry';

/**
 * Where checkpoints lie: a store, the location of one (the path of a directory, or `s3://bucket[/prefix]?endpoint=URL`), or the
 * data directory of a coordinator. Credentials of an S3 server come from the environment.
 */
export type StoreLocation = { readonly store: string | ObjectStore } | { readonly dataDir: string };

/**
 * Opens a store to read from; unlike a coordinator it creates none.
 * @throws LangevinError `storage_failed` when there is no store at that place; `invalid_argument`, `access_denied`,
 * `bucket_missing`, `storage_unavailable` for one on an S3 server
 */
export async function openStore(location: StoreLocation): Promise<ObjectStore> {
  const store = 'store' in location ? location.store : storeOfDataFolder(location.dataDir);
  return typeof store === 'string' ? openAt(store, { create: false }) : store;
}
