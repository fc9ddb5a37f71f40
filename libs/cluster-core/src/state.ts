import type { NumericsClass } from '@langevin/contracts';
import { compileConfig, type ClusterConfig, type ClusterOptions } from './config.js';
import type { Job } from './job.js';

/** Everything that a coordinator knows about its cluster: plain immutable JSON. */
export interface ClusterState {
  readonly config: ClusterConfig;
  /** Live trainers, in the order in which they attached. */
  readonly trainers: readonly Trainer[];
  /** Every job that was submitted, in order, the ended ones included; ids are unique. */
  readonly jobs: readonly Job[];
  /** The generation given out last. It never falls, so that a message of an earlier plan is recognised. */
  readonly generation: number;
  /** Since when the store cannot be reached, in words for people; null while it can. */
  readonly storeOutage: string | null;
}

/** A trainer that is attached. */
export interface Trainer {
  /** Given by the coordinator, unique within its term. */
  readonly id: string;
  /** For people; unique among live trainers. */
  readonly name: string;
  /** Changes whenever the trainer's process starts anew. */
  readonly incarnation: string;
  /** host:port of its Transfer service. */
  readonly pullAddress: string;
  /** The machine part of its numerics class. */
  readonly numerics: NumericsClass;
  /** The job it works on; null when idle. */
  readonly jobId: string | null;
  /** Why it is to leave, in words; null when it is not. */
  readonly draining: string | null;
}

/**
 * A cluster without trainers and jobs.
 * @throws LangevinError `invalid_argument` for settings that do not fit together.
 */
export function createClusterState(options: ClusterOptions): ClusterState {
  return { config: compileConfig(options), trainers: [], jobs: [], generation: 0, storeOutage: null };
}
