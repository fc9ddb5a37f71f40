import { z } from 'zod';
import { guidanceRoleSchema, metricsSchema, sha256 } from '../manifests.js';
import { step, time } from './fields.js';

const version = z.int().min(1).max(999_999);
const reason = z.string().min(1).max(2000).optional();

/** Schema of `ModelSummary`. */
export const modelSummarySchema = z
  .object({
    name: z.string(),
    /** How many there are. */
    versions: z.int().min(1),
    /** The newest version. */
    latest: version,
    /** Where each alias points, without `latest`. */
    aliases: z.record(z.string(), version),
    /** Of the newest version. */
    guidanceRole: guidanceRoleSchema,
    /** Of the newest version: a denoiser and a classifier with equal ones make a guidance pair. */
    scheduleDigest: sha256,
  })
  .meta({ id: 'ModelSummary' });
/** A model as a list shows it. */
export type ModelSummary = z.infer<typeof modelSummarySchema>;

/** Schema of `ModelVersionInfo`. */
export const modelVersionInfoSchema = z
  .object({
    version,
    /** Digest of the checkpoint that it is. */
    checkpoint: sha256,
    run: z.string(),
    step,
    guidanceRole: guidanceRoleSchema,
    scheduleDigest: sha256,
    metrics: metricsSchema,
    license: z.string().optional(),
    note: z.string().optional(),
    createdAt: time,
    actor: z.string(),
    lineage: z.object({ datasetDigest: sha256, specDigest: sha256 }),
  })
  .meta({ id: 'ModelVersion' });
/** One version of a model. */
export type ModelVersionInfo = z.infer<typeof modelVersionInfoSchema>;

/** Schema of `ModelDetail`. */
export const modelDetailSchema = z
  .object({
    name: z.string(),
    /** Newest first. */
    versions: z.array(modelVersionInfoSchema),
    /** `generation` counts the moves of an alias. */
    aliases: z.array(z.object({ alias: z.string(), version, generation: z.int().min(1) })),
    /** Every move of an alias, newest first. */
    events: z.array(
      z.object({ alias: z.string(), action: z.enum(['promote', 'rollback']), from: version.nullable(), to: version, actor: z.string(), reason: z.string().optional(), time }),
    ),
  })
  .meta({ id: 'ModelDetail' });
/** A model with its versions, its aliases and their history. */
export type ModelDetail = z.infer<typeof modelDetailSchema>;

/** Schema of `RegisterVersionRequest`. */
export const registerVersionRequestSchema = z
  .strictObject({ checkpoint: sha256, note: z.string().min(1).max(10_000).optional(), license: z.string().min(1).max(200).optional() })
  .meta({ id: 'RegisterVersionRequest' });
/** A committed checkpoint that becomes a version. */
export type RegisterVersionRequest = z.infer<typeof registerVersionRequestSchema>;

/** Schema of `MoveAliasRequest`. */
export const moveAliasRequestSchema = z
  .strictObject({
    version,
    /** Where the alias must point now for the move to count; null: it must be new. Left out: wherever it points. */
    ifCurrent: version.nullable().optional(),
    reason,
  })
  .meta({ id: 'MoveAliasRequest' });
/** Where an alias is to point. */
export type MoveAliasRequest = z.infer<typeof moveAliasRequestSchema>;

/** Schema of `RollbackAliasRequest`. */
export const rollbackAliasRequestSchema = z.strictObject({ reason }).meta({ id: 'RollbackAliasRequest' });
/** Why an alias goes back to where it pointed before. */
export type RollbackAliasRequest = z.infer<typeof rollbackAliasRequestSchema>;
