import type { ErrorCode } from '@langevin/contracts';
import type { StateFile } from './job.js';
import type { Subtree } from './plan.js';

/** What the coordinator does next, in this order. */
export type Effect = TrainerEffect | LocalEffect;

/** A message to one trainer, or the end of its connection. */
export type TrainerEffect =
  | { readonly type: 'startJob'; readonly trainerId: string; readonly jobId: string }
  | {
      readonly type: 'runStep';
      readonly trainerId: string;
      readonly jobId: string;
      readonly step: number;
      readonly generation: number;
      readonly subtrees: readonly Subtree[];
    }
  | { readonly type: 'announceResult'; readonly trainerId: string; readonly jobId: string; readonly step: number; readonly digest: string }
  | { readonly type: 'commit'; readonly trainerId: string; readonly jobId: string; readonly step: number }
  | { readonly type: 'takeState'; readonly trainerId: string; readonly jobId: string; readonly step: number; readonly final: boolean }
  | { readonly type: 'stopJob'; readonly trainerId: string; readonly jobId: string; readonly reason: string }
  /**
   * The trainer may not take part. `jobId` null: in the cluster, so its connection ends with this status. Otherwise:
   * in this job only; it is idle from now on, and stays attached if its connection is kept.
   */
  | {
      readonly type: 'refuseTrainer';
      readonly trainerId: string;
      readonly jobId: string | null;
      readonly code: ErrorCode;
      readonly reason: string;
    }
  /** The trainer is lost: end its connection, should it still stand. */
  | { readonly type: 'dropTrainer'; readonly trainerId: string; readonly reason: string };

/** Work of the coordinator itself. */
export type LocalEffect =
  /** Feed these bytes into the step's reducer. Comes once for each subtree of a step; `resultReady` follows the last. */
  | {
      readonly type: 'addPartial';
      readonly trainerId: string;
      readonly jobId: string;
      readonly step: number;
      readonly generation: number;
      readonly subtree: Subtree;
    }
  /** Copy the files, answer `checkpointCopied`; write the checkpoint, answer `checkpointStored`. Or answer `checkpointFailed`. */
  | {
      readonly type: 'storeCheckpoint';
      readonly jobId: string;
      readonly step: number;
      readonly fromTrainerId: string;
      readonly files: readonly StateFile[];
    }
  /** The job's view is another one than before: tell those who watch. */
  | { readonly type: 'jobChanged'; readonly jobId: string };
