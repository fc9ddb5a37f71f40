import type { ClusterEvent, ClusterState } from '@langevin/cluster-core';
import type { ObjectStore } from '@langevin/registry';
import type { Connections } from './connections.js';
import type { JobBook } from './job-book.js';
import type { StepReductions } from './step-reductions.js';

/** What the coordinator's services share. */
export interface CoordinatorContext {
  readonly store: ObjectStore;
  /** Id of the cluster that the store belongs to. */
  readonly cluster: string;
  readonly connections: Connections;
  readonly book: JobBook;
  readonly reductions: StepReductions;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
  /** Aborted when the coordinator shuts down; the reason is what callers are told. */
  readonly closing: AbortSignal;
  /** The state of the cluster now. */
  readonly state: () => ClusterState;
  /** Decides what follows from an event, and carries it out. */
  readonly dispatch: (event: ClusterEvent) => void;
}
