import { z } from 'zod';
import { blobRef, checkpointManifestSchema, sha256 } from './manifests.js';
import { parseWith } from './parse-with.js';

const pulledVersionSchema = z.strictObject({
  /** What was asked for; it may mean another version by now. */
  reference: z.string(),
  name: z.string(),
  version: z.int().min(1),
  license: z.string().optional(),
  /** sha256 of the canonical JSON of `manifest`. */
  checkpoint: sha256,
  /** What was trained, on what, and how: network and forward process among it. */
  manifest: checkpointManifestSchema,
});
/** A version of a model as it was pulled. */
export type PulledVersion = z.infer<typeof pulledVersionSchema>;

const pullRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('pulled-model'),
  model: pulledVersionSchema,
  /** The noisy classifier that was pulled with it. */
  guidance: pulledVersionSchema.optional(),
  /** Every other file of the directory. */
  files: z.array(blobRef.extend({ path: z.string() })).min(1),
});
/** `langevin.json` of a pulled directory: what it holds and where that came from. It names no store, no host and no time. */
export type PullRecord = z.infer<typeof pullRecordSchema>;

/** @throws LangevinError `object_corrupt` with path and reason. */
export function parsePullRecord(input: unknown): PullRecord {
  return parseWith(pullRecordSchema, input, 'object_corrupt', 'langevin.json');
}
