import type { NumericsClass } from '@langevin/contracts';
import type { ExchangePlan } from './exchange-plan.js';
import type { MemberSet } from './member-set.js';
import type { Subtree } from './plan.js';

/** What the cluster must know of a job; the rest of its specification is the coordinator's business. */
export interface JobRequest {
  readonly id: string;
  /** Leaves of the reduction tree: a power of two. */
  readonly virtualWorkers: number;
  /** Blocks of the flat gradient (`blockCount`). */
  readonly blocks: number;
  /** Who reduces: the trainers among themselves, or the coordinator. No bit depends on it. */
  readonly exchange: 'peers' | 'coordinator';
  /** Steps that are committed when the job has succeeded. */
  readonly totalSteps: number;
  /** The job starts when this many trainers are idle, and pauses while fewer take part. */
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
  /** Digest of the results of this attempt up to the last committed step, as its trainers chain them; empty before the first. */
  readonly chain: string;
  /** Mean training loss of the last committed step; null before this attempt's first. */
  readonly loss: number | null;
  /** The newest checkpoint of this attempt. */
  readonly checkpoint: StoredCheckpoint | null;
  /** Checkpoints that this attempt stored. */
  readonly checkpoints: number;
  /** The checkpoint whose files are being copied from a trainer; null when none are. */
  readonly copying: CheckpointCopy | null;
  /** Steps whose checkpoint is not in the store yet, oldest first; the one that is being copied is the last. */
  readonly storing: readonly number[];
  /** Incarnations of the trainers that failed at it, were refused or evicted: this attempt does without them. */
  readonly barred: readonly string[];
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

/** State files that their holders keep until one of them has been copied. */
export interface CheckpointCopy {
  readonly step: number;
  /** Mean training loss of that step; null when it is not known. */
  readonly loss: number | null;
  readonly files: readonly StateFile[];
  /** Who has them, the one that they are copied from first. */
  readonly holders: readonly string[];
}

/** Where a job stands, with what is known only there. */
export type JobStatus =
  | Queued
  | Starting
  | Running
  | { readonly phase: 'succeeded'; readonly trainers: readonly string[] }
  | { readonly phase: 'failed'; readonly trainers: readonly string[]; readonly code: string; readonly cause: string }
  | { readonly phase: 'cancelled'; readonly trainers: readonly string[] };

/** It waits for trainers, or for its turn. */
export interface Queued {
  readonly phase: 'queued';
  /** Why every trainer that held its state is lost: it goes on from its newest checkpoint. Null when it never ran. */
  readonly lost: string | null;
  /** The checkpoint to go on from is being looked for. */
  readonly reopening: boolean;
}

/** Trainers fetch data and state. */
export interface Starting {
  readonly phase: 'starting';
  readonly members: readonly Member[];
  /** As when it was in the queue. */
  readonly lost: string | null;
  /** What every trainer must match; null until one is ready. */
  readonly numericsClass: NumericsClass | null;
}

/** Steps are computed and committed, one after the other. */
export interface Running {
  readonly phase: 'running';
  /** Who holds the state after the last committed step, and takes part. */
  readonly members: readonly Member[];
  /** Who prepares to. */
  readonly joiners: readonly Joiner[];
  /** Whose connections were lost since the last commit: they may well hold the newest state, should nobody else be left. */
  readonly away: readonly Member[];
  readonly numericsClass: NumericsClass;
  readonly plan: ExchangePlan;
  /** Milliseconds that a leaf took each trainer lately, by its id. */
  readonly leafMs: Readonly<Record<string, number>>;
  /** Steps since the work was last shared out; −1 while a makeshift plan holds, after a loss. */
  readonly stepsOnPlan: number;
  /** Why the coordinator reduces; null while trainers do it among themselves. */
  readonly relayed: string | null;
  /** Whose copies of the state joiners fetch; null when nobody does. */
  readonly sharing: { readonly step: number; readonly donors: readonly string[] } | null;
  readonly stage: Stage;
}

/** A trainer that takes part in a job. */
export interface Member {
  readonly trainerId: string;
  readonly name: string;
  readonly incarnation: string;
  readonly ready: boolean;
}

/** A trainer that comes to a running job. */
export interface Joiner {
  readonly trainerId: string;
  readonly name: string;
  readonly incarnation: string;
  /** It prepares; it waits for the next boundary between steps; it has been told whose state to fetch; it replays. */
  readonly progress: 'preparing' | 'ready' | 'fetching' | 'replaying';
  /** The newest step whose result it holds, and the digest of that. */
  readonly prepared: number;
  readonly digest: string;
  /** How often it has fallen too far behind to catch up: from then on the job waits for it. */
  readonly retries: number;
}

/** The subtrees that one trainer owns. */
export interface Share {
  readonly trainerId: string;
  readonly subtrees: readonly Subtree[];
}

/** What a running job waits for. */
export type Stage =
  | Stepping
  /** Nothing: `step` is committed, and its checkpoint is taken if one is due. */
  | { readonly kind: 'committed'; readonly step: number }
  /** The copy of an earlier checkpoint: a trainer holds the files of one at a time, so the state after this committed step is taken later. */
  | { readonly kind: 'waiting'; readonly step: number }
  /** Every trainer's state after the committed step. */
  | Snapshot
  /** Nothing: trainers may come and go now, and then the step after `step` begins. */
  | { readonly kind: 'between'; readonly step: number }
  /** The store, after the last step: every checkpoint has to be there. */
  | { readonly kind: 'finishing'; readonly step: number }
  /** More trainers, or somebody's decision about those that it has; then this step is computed, or goes on. */
  | Paused
  | Recovering;

/** Everybody to hold the result of the step: each is in doubt until the commit. */
export interface Stepping {
  readonly kind: 'stepping';
  readonly step: number;
  /** The generation of the plan that its trainers have been told. */
  readonly announced: number;
  /** What the first of them holds; null before. */
  readonly result: StepResult | null;
  /** Who holds the same. */
  readonly prepared: MemberSet;
  /** Who holds another. */
  readonly dissent: readonly { readonly trainerId: string; readonly result: StepResult }[];
  /** Milliseconds that a leaf took those who hold one, by their place among the members; 0 for those who computed none. */
  readonly leafMs: readonly number[];
}

/** It stands still before the step. */
export interface Paused {
  readonly kind: 'paused';
  readonly step: number;
  readonly why: string;
  /** A trainer more may be enough; or one whose numbers nobody trusts has to leave first. */
  readonly needs: 'trainers' | 'decision';
}

/** The reduced gradient of a step, as a trainer describes the one that it holds. */
export interface StepResult {
  /** Digest of it and of all results of this attempt before it. */
  readonly digest: string;
  /** Mean training loss. */
  readonly loss: number;
  /** Euclidean norm before clipping. */
  readonly norm: number;
  /** Whether every element is a number. */
  readonly finite: boolean;
}

/** Trainers that held the state to come back: the coordinator was away, or all of them were at once. */
export interface Recovering {
  readonly kind: 'recovering';
  /** The step to be computed next, as far as is known. */
  readonly step: number;
  /** In ms of the caller's clock. */
  readonly sinceMs: number;
  /** Why, for people. */
  readonly why: string;
  /** Who has not come back yet. */
  readonly expected: readonly Member[];
  /** What those who have hold. */
  readonly returned: readonly HeldReport[];
}

/** What a trainer holds of a job when it attaches again. */
export interface HeldState {
  readonly jobId: string;
  /** Steps that its state has seen. */
  readonly applied: number;
  /** The chain after them. */
  readonly chain: string;
  /** Mean training loss of the last of them. */
  readonly loss: number;
  /** A result of the step after, about which it is in doubt; null when it has none. */
  readonly prepared: StepResult | null;
}

/** The same, and whose it is. */
export interface HeldReport extends HeldState {
  readonly trainerId: string;
}

/** Everybody to report the state after the committed step. */
export interface Snapshot {
  readonly kind: 'snapshot';
  readonly step: number;
  readonly reports: readonly StateReport[];
}

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
