import { z } from 'zod';
import { guidanceRoleSchema, sha256 } from '../manifests.js';
import { step, time } from './fields.js';

/** Schema of `RunPhase`. */
export const runPhaseSchema = z.enum(['queued', 'starting', 'running', 'succeeded', 'failed', 'cancelled', 'stopped']);
/** Where a run stands. `stopped`: this coordinator does not train it, and its last step is not checkpointed: resume it. */
export type RunPhase = z.infer<typeof runPhaseSchema>;

/** Schema of `RunStall`. */
export const runStallSchema = z
  .object({
    /** A step that is not committed yet, or the checkpoint of a committed one. */
    what: z.enum(['step', 'checkpoint']),
    step,
    /** When it began. */
    since: time,
    /** Milliseconds that it usually takes; null while nobody knows. */
    usualMs: z.number().min(0).nullable(),
    /** Who has not done its part, and what that is, such as `3 of 8 leaves to compute`; the others wait for them. */
    waitsFor: z.array(z.object({ name: z.string(), doing: z.string() })),
  })
  .meta({ id: 'RunStall' });
/** What holds a run up, and who. */
export type RunStall = z.infer<typeof runStallSchema>;

const summaryFields = {
  name: z.string(),
  phase: runPhaseSchema,
  /** Why it is in this phase, and what to do if it has ended early; one line, may be empty. */
  reason: z.string(),
  /** Committed steps. */
  step,
  totalSteps: step,
  /** Mean training loss of the last committed step; null before the first. */
  loss: z.number().nullable(),
  /** Over the last steps; 0 when it does not run. */
  imagesPerSecond: z.number().min(0),
  /** Names of those that work, or worked, on it. */
  trainers: z.array(z.string()),
  /** Set while a step, or a checkpoint, takes unusually long: more than five times as long as usual, and than two seconds. */
  stall: runStallSchema.nullable(),
  /** How many there are in the store. */
  checkpoints: z.int().min(0),
  lastCheckpointStep: step.nullable(),
  guidanceRole: guidanceRoleSchema,
  /** Name of the dataset. */
  dataset: z.string(),
  /** When a step was last committed; null when nobody knows. */
  updatedAt: time.nullable(),
  /** Digest of the checkpoint of another run that it began from. */
  forkOf: sha256.optional(),
};

/** Schema of `RunSummary`. */
export const runSummarySchema = z.object(summaryFields).meta({ id: 'RunSummary' });
/** A run as a list shows it. */
export type RunSummary = z.infer<typeof runSummarySchema>;

/** Schema of `RunAttempt`. */
export const runAttemptSchema = z
  .object({
    /** From 1 on. */
    attempt: z.int().min(1),
    startedAt: time,
    /** The step that it continued from: rows of earlier attempts after it are superseded. */
    fromStep: step,
  })
  .meta({ id: 'RunAttempt' });
/** One uninterrupted stretch of training. */
export type RunAttempt = z.infer<typeof runAttemptSchema>;

/** Schema of `RunDetail`. */
export const runDetailSchema = z
  .object({
    ...summaryFields,
    /** The resolved job specification, whole. */
    spec: z.record(z.string(), z.unknown()),
    attempts: z.array(runAttemptSchema),
    /** sha256 of the weights file of the newest checkpoint; null without one. */
    weightsSha256: sha256.nullable(),
    /** What two machines must share to compute the same bits; null before the first checkpoint. */
    numericsClass: z.record(z.string(), z.string()).nullable(),
  })
  .meta({ id: 'RunDetail' });
/** A run with everything that a page about it shows. */
export type RunDetail = z.infer<typeof runDetailSchema>;

/** Schema of `RunEventKind`. */
export const runEventKindSchema = z.enum([
  'started',
  'resumed',
  'paused',
  'recovered',
  'relayed',
  'checkpoint',
  'trainer-lost',
  'trainer-joined',
  'trainer-drained',
  'trainer-evicted',
  'trainers-differ',
  'failed',
  'cancelled',
  'succeeded',
]);
/**
 * What happened to a run. `resumed`: from a checkpoint, or after a pause. `recovered`: the coordinator came back. `relayed`: two trainers
 * cannot reach each other, so the coordinator reduces. `trainer-evicted`: its numbers were wrong, or it could not go on.
 * `trainers-differ`: two computed the same leaves, and not the same gradient.
 */
export type RunEventKind = z.infer<typeof runEventKindSchema>;

/** Schema of `RunEvent`. */
export const runEventSchema = z
  .object({
    /** Ascending and unique within the run. */
    seq: z.int().min(1),
    time,
    /** Committed steps when it happened. */
    step,
    kind: runEventKindSchema,
    /** What happened, for people. */
    text: z.string(),
  })
  .meta({ id: 'RunEvent' });
/** One thing that happened to a run: a mark on its curves. */
export type RunEvent = z.infer<typeof runEventSchema>;
