import { z } from 'zod';
import { guidanceRoleSchema, metricsSchema, sha256 } from '../manifests.js';
import { step } from './fields.js';

/** Schema of `CheckpointFileInfo`. */
export const checkpointFileInfoSchema = z
  .object({ path: z.string(), role: z.enum(['weights', 'ema', 'optimizer']), digest: sha256, size: z.int().min(0) })
  .meta({ id: 'CheckpointFile' });
/** One file of a checkpoint. */
export type CheckpointFileInfo = z.infer<typeof checkpointFileInfoSchema>;

/** Schema of `CheckpointInfo`. */
export const checkpointInfoSchema = z
  .object({
    /** sha256 of the manifest: its name for ever. */
    digest: sha256,
    run: z.string(),
    step,
    /** Mean training loss of its step. */
    loss: z.number().nullable(),
    samplesSeen: z.int().min(0),
    /** Bytes of all files. */
    bytes: z.int().min(0),
    guidanceRole: guidanceRoleSchema,
    /** Models may be combined only where it is equal. */
    scheduleDigest: sha256,
    /** Measured on data that it was not trained on. */
    metrics: metricsSchema.optional(),
    files: z.array(checkpointFileInfoSchema),
    /** The model versions that it is. */
    versions: z.array(z.object({ model: z.string(), version: z.int().min(1), aliases: z.array(z.string()) })),
  })
  .meta({ id: 'Checkpoint' });
/** A committed checkpoint. */
export type CheckpointInfo = z.infer<typeof checkpointInfoSchema>;

/** Schema of `CheckpointVerification`. */
export const checkpointVerificationSchema = z
  .object({
    ok: z.boolean(),
    /** What is damaged, each naming a key of the store; empty when every byte is right. */
    problems: z.array(z.string()),
  })
  .meta({ id: 'CheckpointVerification' });
/** What was found when every byte of a checkpoint was read. */
export type CheckpointVerification = z.infer<typeof checkpointVerificationSchema>;
