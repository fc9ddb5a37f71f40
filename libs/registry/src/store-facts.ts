import { LangevinError } from '@langevin/contracts';
import { readClusterId } from './cluster-id.js';
import type { ObjectStore } from './object-store.js';

/** What there is to say about a store. */
export interface StoreFacts {
  readonly location: string;
  readonly writable: boolean;
  /** Bytes left, where the store knows. */
  readonly freeBytes?: number;
  /** Absent in a store that no cluster has used. */
  readonly clusterId?: string;
  /** What is wrong, and what to do. */
  readonly problems: readonly string[];
}

/** Looks at a store without changing it. Never throws: what is wrong becomes a problem. */
export async function storeFacts(store: ObjectStore): Promise<StoreFacts> {
  const { writable, problem, freeBytes } = await store.probe();
  const problems = problem === undefined ? [] : [problem];
  let id: string | undefined;
  try {
    id = await readClusterId(store);
  } catch (thrown) {
    problems.push(LangevinError.from(thrown).message);
  }
  return {
    location: store.location,
    writable,
    ...(freeBytes === undefined ? {} : { freeBytes }),
    ...(id === undefined ? {} : { clusterId: id }),
    problems,
  };
}
