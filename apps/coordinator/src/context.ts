import type { ClusterEvent, ClusterState } from '@langevin/cluster-core';
import type { CheckpointSpool, ObjectStore } from '@langevin/registry';
import type { Connections } from './connections.js';
import type { TrainerReport } from './http/node-queries.js';
import type { JobBook } from './job-book.js';
import type { SpoolPublisher } from './spool-publisher.js';
import type { StepReductions } from './step-reductions.js';

/** What the coordinator's services share. */
export interface CoordinatorContext {
  readonly store: ObjectStore;
  /** Checkpoints that are copied from their trainer. */
  readonly spool: CheckpointSpool;
  /** Brings them into the store. */
  readonly publisher: SpoolPublisher;
  /** Id of the cluster that the store belongs to. */
  readonly cluster: string;
  readonly connections: Connections;
  readonly book: JobBook;
  readonly reductions: StepReductions;
  /** What trainers say of themselves, by their id. */
  readonly reports: Map<string, TrainerReport>;
  /** Brings what was recorded of a run into the store, as far as that can be reached. Never throws. */
  readonly sealMetrics: (run: string) => Promise<void>;
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
