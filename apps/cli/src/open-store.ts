import type { Command } from 'commander';
import { openStore, storeOfDataFolder, type ObjectStore } from '@langevin/registry';
import { withDataDir } from './common-options.js';

/** Options that name a store. */
export interface StoreOptions {
  readonly dataDir: string;
  /** @default the store of the data folder */
  readonly store?: string;
}

/** Adds what names a store. */
export function withStore(command: Command): Command {
  return withStoreOption(withDataDir(command));
}

/** Adds --store. */
export function withStoreOption(command: Command): Command {
  return command.option('--store <location>', 'store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)');
}

/** Location of the store that the options name. */
export function storeLocation({ dataDir, store }: StoreOptions): string {
  return store ?? storeOfDataFolder(dataDir);
}

/**
 * Opens the store that the options name.
 * @param create whether a directory that is not there yet is made; for who writes
 * @throws LangevinError `storage_failed` when there is none; `invalid_argument`, `access_denied`, `bucket_missing`,
 * `storage_unavailable` for one on an S3 server
 */
export function openCliStore(options: StoreOptions, create = false): Promise<ObjectStore> {
  return openStore(storeLocation(options), { create });
}
