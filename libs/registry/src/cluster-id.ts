import { LangevinError } from '@langevin/contracts';
import { createDocument, readDocument } from './documents.js';
import { clusterKey } from './layout.js';
import type { ObjectStore } from './object-store.js';

/**
 * The identity of the cluster that a store belongs to: the first caller's `newId` for ever.
 * @throws LangevinError `object_corrupt`
 */
export async function clusterId(store: ObjectStore, newId: string): Promise<string> {
  const existing = await readClusterId(store);
  if (existing !== undefined) return existing;
  const result = await createDocument(store, clusterKey, { kind: 'cluster', schemaVersion: 1, id: newId });
  return result.status === 'taken' ? parse(result.existing) : newId;
}

/** The identity of the cluster, or `undefined` in a fresh store. @throws LangevinError `object_corrupt` */
export async function readClusterId(store: ObjectStore): Promise<string | undefined> {
  if ((await store.head(clusterKey)) === undefined) return undefined;
  return parse((await readDocument(store, clusterKey)).value);
}

function parse(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string') return value.id;
  throw new LangevinError('object_corrupt', `${clusterKey} holds no id`);
}
