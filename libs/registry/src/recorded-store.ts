import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { errnoOf } from './file-errors.js';
import { parseStoreLocation } from './store-location.js';

/** Holds the location of a store that lies elsewhere. Credentials are never part of a location. */
const recordFile = 'store.json';

/**
 * Location of the store that belongs to a data folder: the one that was recorded, else the directory `store` within it.
 * @throws LangevinError `object_corrupt` when the record is damaged
 */
export function storeOfDataFolder(dataDir: string): string {
  const file = join(dataDir, recordFile);
  const text = readIfThere(file);
  if (text === undefined) return ownStore(dataDir);
  try {
    const record: unknown = JSON.parse(text);
    const location: unknown = typeof record === 'object' && record !== null ? Reflect.get(record, 'location') : undefined;
    if (typeof location === 'string') {
      parseStoreLocation(location);
      return location;
    }
  } catch {
    // Not JSON, or no location: damaged as well.
  }
  throw new LangevinError('object_corrupt', `${file} is damaged: it names no store; remove it, and name the store with --store`);
}

/**
 * Notes that the store of a data folder is at `location`, so that later commands on the folder find it.
 * @throws LangevinError `storage_failed` when it cannot be written
 */
export function recordStore(dataDir: string, location: string): void {
  const file = join(dataDir, recordFile);
  const draft = `${file}.${process.pid}`;
  try {
    if (location === ownStore(dataDir)) return rmSync(file, { force: true });
    writeFileSync(draft, `${JSON.stringify({ location })}\n`);
    renameSync(draft, file);
  } catch (cause) {
    throw new LangevinError('storage_failed', `cannot note the store in ${file}: give this user permission to write there`, { cause });
  }
}

function ownStore(dataDir: string): string {
  return join(resolve(dataDir), 'store');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(thrown) ?? '')) return undefined;
    throw new LangevinError('storage_failed', `cannot read ${file}: ${LangevinError.from(thrown).message}`, { cause: thrown });
  }
}
