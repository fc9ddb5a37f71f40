import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryIndex } from '@langevin/registry-index';
import type { ObjectStore } from '@langevin/registry';
import { openCliStore, type StoreOptions } from './open-store.js';

/** A store and the index that answers its listings, brought up to it. */
export interface IndexedStore extends Disposable {
  readonly store: ObjectStore;
  readonly index: RegistryIndex;
}

/**
 * Opens a store and its index, which lies in the data folder, or in memory where there is none. What had to be mended, and what is
 * damaged in the store, is said on standard error.
 * @throws LangevinError when there is no store, or it cannot be read
 */
export async function openIndexed(options: StoreOptions): Promise<IndexedStore> {
  const store = await openCliStore(options);
  const index = await openIndex(options);
  try {
    warnOfDamage((await index.refresh(store)).damaged);
  } catch (thrown) {
    index.close();
    throw thrown;
  }
  return { store, index, [Symbol.dispose]: () => index.close() };
}

/** The index of a data folder; in memory where there is none, since a listing makes no folders. */
export async function openIndex({ dataDir }: StoreOptions): Promise<RegistryIndex> {
  // Only here: other commands need no database.
  const { RegistryIndex } = await import('@langevin/registry-index');
  const path = existsSync(dataDir) ? join(dataDir, 'index.db') : ':memory:';
  return new RegistryIndex(path, { onNotice: warn });
}

/** Says which documents of the store a listing lacks because they are damaged. */
export function warnOfDamage(damaged: readonly { readonly problem: string }[]): void {
  for (const { problem } of damaged) warn(problem);
}

function warn(line: string): void {
  process.stderr.write(`langevin: ${line}\n`);
}
