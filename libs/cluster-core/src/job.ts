import type { NumericsClass } from '@langevin/contracts';
import type { Subtree } from './plan.js';

/** What the cluster must know of a job; the rest of its specification is the coordinator's business. */
export interface JobRequest {
  readonly id: string;
  /** Leaves of the reduction tree: a power of two. */
  readonly virtualWorkers: number;
  /** Steps that are committed when the job has succeeded. */
  readonly totalSteps: number;
  /** The job starts when this many trainers are idle. */
  readonly minTrainers: number;
  /** Steps between checkpoints; the last step always has one. */
  readonly checkpointEvery: number;
  /** Steps that the checkpoint it continues from had committed; 0 from scratch. */
  readonly startStep: number;
  /** Numerics class of that checkpoint; null from scratch: the first ready trainer then fixes it. */
  readonly numericsClass: NumericsClass | null;
}

/** One attempt at a job. */
export interface Job {
  readonly request: JobRequest;
  /** Committed steps, those before `startStep` included. */
  readonly committed: number;
  /** Mean training loss of the last committed step; null before this attempt's first. */
  readonly loss: number | null;
  /** The newest checkpoint of this attempt. */
  readonly checkpoint: StoredCheckpoint | null;
  /** Checkpoints that this attempt stored. */
  readonly checkpoints: number;
  /** The step whose state files are being copied from a trainer, which keeps them until then; null when none are. */
  readonly copying: number | null;
  /** Steps whose checkpoint is not in the store yet, oldest first; the one that is being copied is the last. */
  readonly storing: readonly number[];
  readonly status: JobStatus;
}

/** A checkpoint that is committed in the store. */
export interface StoredCheckpoint {
  readonly step: number;
  /** sha256 of the manifest. */
  readonly manifestDigest: string;
  /** sha256 of the weights file. */
  readonly weightsSha256: string;
}

/** Where a job stands, with what is known only there. */
export type JobStatus =
  | { readonly phase: 'queued' }
  | Starting
  | Running
  | { readonly phase: 'succeeded'; readonly trainers: readonly string[] }
  | { readonly phase: 'failed'; readonly trainers: readonly string[]; readonly code: string; readonly cause: string }
  | { readonly phase: 'cancelled'; readonly trainers: readonly string[] };

/** Trainers fetch data and state. Nobody joins from here on. */
export interface Starting {
  readonly phase: 'starting';
  readonly members: readonly Member[];
  /** What every trainer must match; null until one is ready. */
  readonly numericsClass: NumericsClass | null;
}

/** Steps are computed and committed, one after the other. */
export interface Running {
  readonly phase: 'running';
  readonly members: readonly Member[];
  readonly numericsClass: NumericsClass;
  /** Fences ownership: a partial of another generation is not this plan's. */
  readonly generation: number;
  /** Who owns which subtrees. */
  readonly shares: readonly Share[];
  readonly stage: Stage;
}

/** A trainer that takes part in a job; the first member is the one that checkpoints are copied from. */
export interface Member {
  readonly trainerId: string;
  readonly name: string;
  readonly ready: boolean;
}

/** The subtrees that one trainer owns. */
export interface Share {
  readonly trainerId: string;
  readonly subtrees: readonly Subtree[];
}

/** What a running job waits for. */
export type Stage =
  /** Gradient sums, and then the reducer. */
  | { readonly kind: 'computing'; readonly step: number; readonly received: readonly Subtree[] }
  /** Every trainer to hold the result; it is in doubt until the commit. */
  | { readonly kind: 'agreeing'; readonly step: number; readonly digest: string; readonly loss: number; readonly prepared: readonly string[] }
  /** The copy of an earlier checkpoint: a trainer holds the files of one at a time, so the state after this committed step is taken later. */
  | { readonly kind: 'waiting'; readonly step: number }
  /** Every trainer's state after the committed step. */
  | { readonly kind: 'snapshot'; readonly step: number; readonly reports: readonly StateReport[] }
  /** The store, after the last step: every checkpoint has to be there. */
  | { readonly kind: 'finishing'; readonly step: number };

/** The state files of one trainer. */
export interface StateReport {
  readonly trainerId: string;
  readonly files: readonly StateFile[];
}

/** One file of a trainer's state. */
export interface StateFile {
  /** weights, ema or optimizer */
  readonly role: string;
  /** sha256 in lower-case hexadecimal */
  readonly digest: string;
  /** bytes */
  readonly size: number;
}
