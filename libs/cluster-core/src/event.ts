import type { NumericsClass } from '@langevin/contracts';
import type { JobRequest, StateFile } from './job.js';
import type { Subtree } from './plan.js';

/** Everything that can happen to a cluster. Events may come late, twice or from strangers: such ones change nothing. */
export type ClusterEvent = MembershipEvent | JobEvent | StepEvent | CheckpointEvent;

/** Trainers come, live and go; `tick` comes several times in `suspectAfterMs`. */
export type MembershipEvent =
  | {
      readonly type: 'trainerAttached';
      readonly trainerId: string;
      readonly name: string;
      readonly version: string;
      readonly incarnation: string;
      readonly pullAddress: string;
      readonly numerics: NumericsClass;
    }
  /** `why` in words, such as `connection closed`. */
  | { readonly type: 'trainerDetached'; readonly trainerId: string; readonly why: string }
  | { readonly type: 'heartbeat'; readonly trainerId: string; readonly progress: number }
  | { readonly type: 'tick' };

/** Jobs are submitted and cancelled by people; trainers say whether they can take part. */
export type JobEvent =
  | { readonly type: 'jobSubmitted'; readonly job: JobRequest }
  | { readonly type: 'jobCancelled'; readonly jobId: string }
  /** `numerics` is the trainer's whole class for this job. */
  | { readonly type: 'trainerReady'; readonly trainerId: string; readonly jobId: string; readonly numerics: NumericsClass }
  | {
      readonly type: 'trainerFailed';
      readonly trainerId: string;
      readonly jobId: string;
      readonly code: string;
      readonly message: string;
    };

/** One step: partial sums, their reduction, and the promise of each trainer to apply it. */
export type StepEvent =
  /** The coordinator has pulled the bytes; an accepted partial is answered by `addPartial`. */
  | {
      readonly type: 'partialReceived';
      readonly trainerId: string;
      readonly jobId: string;
      readonly step: number;
      readonly generation: number;
      readonly subtree: Subtree;
    }
  /** The reducer has finished. `norm` is the gradient's before clipping; `finite`: no gradient value is NaN or infinite. */
  | {
      readonly type: 'resultReady';
      readonly jobId: string;
      readonly step: number;
      readonly digest: string;
      readonly loss: number;
      readonly finite: boolean;
      readonly norm: number;
    }
  | { readonly type: 'prepared'; readonly trainerId: string; readonly jobId: string; readonly step: number; readonly digest: string };

/** Checkpoints: every trainer reports its state, the coordinator copies that of one and stores it. */
export type CheckpointEvent =
  | {
      readonly type: 'stateReported';
      readonly trainerId: string;
      readonly jobId: string;
      readonly step: number;
      readonly files: readonly StateFile[];
    }
  /** The coordinator has a durable copy of the state files: their trainer may drop them. */
  | { readonly type: 'checkpointCopied'; readonly jobId: string; readonly step: number }
  | {
      readonly type: 'checkpointStored';
      readonly jobId: string;
      readonly step: number;
      readonly manifestDigest: string;
      readonly weightsSha256: string;
    }
  | { readonly type: 'checkpointFailed'; readonly jobId: string; readonly step: number; readonly code: string; readonly message: string }
  /** The store cannot be reached: checkpoints wait. `since` in words for people. */
  | { readonly type: 'storeLost'; readonly since: string }
  | { readonly type: 'storeFound' };
