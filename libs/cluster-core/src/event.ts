import type { NumericsClass } from '@langevin/contracts';
import type { HeldState, Job, JobRequest, StateFile } from './job.js';

/** Everything that can happen to a cluster. Events may come late, twice or from strangers: such ones change nothing. */
export type ClusterEvent = MembershipEvent | JobEvent | StepEvent | CheckpointEvent;

/** Trainers come and go; `tick` comes several times a second. */
export type MembershipEvent =
  | {
      readonly type: 'trainerAttached';
      readonly trainerId: string;
      readonly name: string;
      readonly version: string;
      readonly incarnation: string;
      readonly pullAddress: string;
      readonly numerics: NumericsClass;
      /** What it holds of a job that it worked on before; null when it comes with nothing. */
      readonly holds: HeldState | null;
    }
  /** Its connection has ended, or it has been silent for too long. `why` in words, such as `connection closed`. */
  | { readonly type: 'trainerDetached'; readonly trainerId: string; readonly why: string }
  /** It is to leave its job at the next boundary between steps, and then the cluster. */
  | { readonly type: 'trainerDraining'; readonly trainerId: string; readonly why: string }
  | { readonly type: 'tick' }
  /** Jobs that an earlier coordinator had logged. */
  | { readonly type: 'recovered'; readonly jobs: readonly Job[]; readonly generation: number };

/** Jobs are submitted and cancelled by people; trainers say whether they can take part. */
export type JobEvent =
  | { readonly type: 'jobSubmitted'; readonly job: JobRequest }
  | { readonly type: 'jobCancelled'; readonly jobId: string }
  /** The checkpoint to go on from has been found, after every trainer was lost. */
  | { readonly type: 'jobReopened'; readonly job: JobRequest }
  | { readonly type: 'reopenFailed'; readonly jobId: string; readonly code: string; readonly message: string }
  /** `numerics` is the trainer's whole class for this job. */
  | { readonly type: 'trainerReady'; readonly trainerId: string; readonly jobId: string; readonly numerics: NumericsClass }
  | {
      readonly type: 'trainerFailed';
      readonly trainerId: string;
      readonly jobId: string;
      readonly code: string;
      readonly message: string;
    };

/** One step, and those who come to it. */
export type StepEvent =
  /** A trainer holds the reduced gradient of the step. */
  | {
      readonly type: 'prepared';
      readonly trainerId: string;
      readonly jobId: string;
      readonly step: number;
      readonly digest: string;
      readonly loss: number;
      readonly finite: boolean;
      readonly norm: number;
      /** How long a leaf took it; 0 when it computed none. */
      readonly leafMs: number;
    }
  /** A trainer cannot get a peer's data. `peerSilentMs`: how long nothing has been heard from the peer itself. */
  | { readonly type: 'peerTrouble'; readonly trainerId: string; readonly jobId: string; readonly peerId: string; readonly problem: string; readonly peerSilentMs: number }
  /** A joiner has the state after this step. */
  | { readonly type: 'stateFetched'; readonly trainerId: string; readonly jobId: string; readonly step: number }
  /** A joiner cannot replay what its peers no longer keep. */
  | { readonly type: 'fellBehind'; readonly trainerId: string; readonly jobId: string; readonly step: number };

/** Checkpoints: every trainer reports its state, the coordinator copies that of one and stores it. */
export type CheckpointEvent =
  | {
      readonly type: 'stateReported';
      readonly trainerId: string;
      readonly jobId: string;
      readonly step: number;
      readonly files: readonly StateFile[];
    }
  /** The coordinator has a durable copy of the state files: their trainers may drop them. */
  | { readonly type: 'checkpointCopied'; readonly jobId: string; readonly step: number }
  /** They could not be got from this trainer. */
  | { readonly type: 'copyFailed'; readonly jobId: string; readonly step: number; readonly trainerId: string; readonly message: string }
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
