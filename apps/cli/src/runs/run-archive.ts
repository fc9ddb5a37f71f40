import { LangevinError } from '@langevin/contracts';
import { MetricsReader } from '@langevin/metrics';
import type { RegistryIndex } from '@langevin/registry-index';
import type { ObjectStore } from '@langevin/registry';
import type { StoreOptions } from '../open-store.js';
import { openIndexed } from '../store-index.js';

/** A store, the index that answers its listings, and its curves. */
export interface RunArchive extends Disposable {
  readonly store: ObjectStore;
  readonly index: RegistryIndex;
  readonly metrics: MetricsReader;
}

/** Opens the runs of a store; no coordinator is needed. @throws LangevinError when there is no store, or it cannot be read */
export async function openArchive(options: StoreOptions): Promise<RunArchive> {
  const indexed = await openIndexed(options);
  const { store, index } = indexed;
  return { store, index, metrics: new MetricsReader({ store, clock: () => performance.now() }), [Symbol.dispose]: () => indexed[Symbol.dispose]() };
}

/** @throws LangevinError `run_unknown` with the runs that there are */
export function checkRun({ store, index }: RunArchive, name: string): void {
  const names = index.runs().map((run) => run.name);
  if (!names.includes(name)) throw new LangevinError('run_unknown', `there is no run "${name}" in ${store.location}; there is ${names.join(', ') || 'none'}`);
}
