import { z } from 'zod';
import { guidanceRoleSchema, metricsSchema, sha256 } from './manifests.js';
import { parseWith } from './parse-with.js';

const version = z.int().min(1);
const time = z.iso.datetime();

const modelVersionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('model-version'),
  name: z.string(),
  version,
  /** sha256 of the manifest of the checkpoint that this version is. */
  checkpoint: sha256,
  run: z.string(),
  step: z.int().min(0),
  guidanceRole: guidanceRoleSchema,
  scheduleDigest: sha256,
  /** sha256 of the averaged weights: what a pull brings. */
  weights: sha256,
  metrics: metricsSchema,
  license: z.string().optional(),
  note: z.string().optional(),
  createdAt: time,
  actor: z.string(),
  writeId: z.string(),
  lineage: z.strictObject({ datasetDigest: sha256, specDigest: sha256 }),
});
/** One version of a model: a committed checkpoint under a name and a number. It never changes. */
export type ModelVersion = z.infer<typeof modelVersionSchema>;

const aliasEventSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('alias-event'),
  model: z.string(),
  alias: z.string(),
  action: z.enum(['promote', 'rollback']),
  /** Where the alias pointed before; `null` if it is new. */
  from: version.nullable(),
  to: version,
  reason: z.string().optional(),
  actor: z.string(),
  at: time,
  writeId: z.string(),
});
/** One move of an alias. The newest one says where the alias points, all of them are its history. */
export type AliasEvent = z.infer<typeof aliasEventSchema>;

/** @throws LangevinError `object_corrupt` with path and reason. */
export function parseModelVersion(input: unknown): ModelVersion {
  return parseWith(modelVersionSchema, input, 'object_corrupt', 'model version');
}

/** @throws LangevinError `object_corrupt` with path and reason. */
export function parseAliasEvent(input: unknown): AliasEvent {
  return parseWith(aliasEventSchema, input, 'object_corrupt', 'alias event');
}
