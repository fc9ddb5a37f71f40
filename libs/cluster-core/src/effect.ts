import type { ErrorCode } from '@langevin/contracts';
import type { ExchangePlan } from './exchange-plan.js';
import type { StateFile } from './job.js';

/** What the coordinator does next, in this order. */
export type Effect = TrainerEffect | LocalEffect;

/** A message to one trainer, or the end of its connection. */
export type TrainerEffect =
  /** Prepare. A joiner gets its state from its peers, the others from the job's checkpoint or seed. */
  | { readonly type: 'startJob'; readonly trainerId: string; readonly jobId: string; readonly joins: boolean }
  /** Take part in the step as the plan says. Comes again, with a higher generation, when the plan of a step changes. */
  | { readonly type: 'runStep'; readonly trainerId: string; readonly jobId: string; readonly step: number; readonly plan: ExchangePlan }
  | { readonly type: 'commit'; readonly trainerId: string; readonly jobId: string; readonly step: number; readonly digest: string }
  /** Keep a copy of part `part` of `parts` of the state after the committed step for those who join. */
  | { readonly type: 'shareState'; readonly trainerId: string; readonly jobId: string; readonly step: number; readonly part: number; readonly parts: number }
  /** Drop it. */
  | { readonly type: 'dropState'; readonly trainerId: string; readonly jobId: string; readonly step: number }
  /** Fetch the state after the step, part i from the i-th donor, and replay what comes after. */
  | { readonly type: 'fetchState'; readonly trainerId: string; readonly jobId: string; readonly step: number; readonly chain: string; readonly donors: readonly string[] }
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
  /** The trainer is lost, or evicted: end its connection, should it still stand. */
  | { readonly type: 'dropTrainer'; readonly trainerId: string; readonly code: ErrorCode; readonly reason: string }
  /** It is drained: end its connection calmly. */
  | { readonly type: 'releaseTrainer'; readonly trainerId: string; readonly reason: string };

/** Work of the coordinator itself. */
export type LocalEffect =
  /** The step begins, or goes on under another plan; for a coordinator that reduces. */
  | { readonly type: 'stepBegun'; readonly jobId: string; readonly step: number; readonly plan: ExchangePlan }
  /** It is committed. */
  | { readonly type: 'stepCommitted'; readonly jobId: string; readonly step: number; readonly digest: string; readonly loss: number }
  /** Copy the files, answer `checkpointCopied`, or `copyFailed`; write the checkpoint, answer `checkpointStored` or `checkpointFailed`. */
  | {
      readonly type: 'storeCheckpoint';
      readonly jobId: string;
      readonly step: number;
      /** Mean training loss of that step; null when it is not known. */
      readonly loss: number | null;
      readonly fromTrainerId: string;
      readonly files: readonly StateFile[];
    }
  /** Every trainer that held the job's state is lost: find its newest checkpoint, answer `jobReopened` or `reopenFailed`. */
  | { readonly type: 'reopenJob'; readonly jobId: string }
  /** The job's view is another one than before: tell those who watch. */
  | { readonly type: 'jobChanged'; readonly jobId: string };
