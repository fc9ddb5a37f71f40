import type { ClusterEvent, ClusterState, FailureDetector } from '@langevin/cluster-core';
import type { CheckpointSpool, ObjectStore } from '@langevin/registry';
import type { Connections } from './connections.js';
import type { TrainerReport } from './http/node-queries.js';
import type { JobBook } from './job-book.js';
import type { JobJournal } from './job-journal.js';
import type { MessageTally } from './message-tally.js';
import type { Comparison, SelfCheck } from './self-check.js';
import type { SpoolPublisher } from './spool-publisher.js';
import type { Relay } from './relay.js';
import type { StepMessages } from './step-messages.js';

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
  /** What must not be forgotten. */
  readonly journal: JobJournal;
  /** What trainers are told of steps. */
  readonly steps: StepMessages;
  /** The coordinator's own part of the exchange. */
  readonly relay: Relay;
  /** Tells which trainers are gone. */
  readonly detector: FailureDetector;
  /** Compares what trainers compute twice. */
  readonly checks: SelfCheck;
  /** Two of them have computed the same leaves. */
  readonly compared: (jobId: string, comparison: Comparison) => void;
  /** Of this coordinator: it grows with each start. */
  readonly term: number;
  /** Somebody says that another coordinator has taken over. */
  readonly suspectFence: (why: string) => void;
  /** False while it must be found out first whether this coordinator still is one. */
  readonly isAwake: () => boolean;
  /** What trainers say of themselves, by their id. */
  readonly reports: Map<string, TrainerReport>;
  /** How many messages were exchanged with them. */
  readonly tally: MessageTally;
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
