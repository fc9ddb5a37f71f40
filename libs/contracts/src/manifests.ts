import { z } from 'zod';
import { parseWith } from './parse-with.js';

/** A sha256 in lower-case hexadecimal digits. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits (sha256)');

/** One file or shard: its content is named by its sha256. */
export const blobRef = z.strictObject({ digest: sha256, size: z.int().min(0) });
/** A reference to a content-addressed blob: sha256 of its bytes in lower-case hex, and its size in bytes. */
export type BlobRef = z.infer<typeof blobRef>;

const splitSchema = z.strictObject({
  samples: z.int().min(1),
  /** In order: shard k holds the samples from `first` on. */
  shards: z.array(blobRef.extend({ first: z.int().min(0), samples: z.int().min(1) })).min(1),
});

const datasetManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('dataset'),
  name: z.string(),
  /** Height, width, channels of one image; bytes 0–255. */
  imageShape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
  classes: z.int().min(1),
  splits: z.strictObject({ train: splitSchema, test: splitSchema }),
  source: z.string(),
  license: z.string(),
});
/** A dataset in a store: each shard is a safetensors blob with `images` (U8, [n,h,w,c]) and `labels` (U8, [n]). */
export type DatasetManifest = z.infer<typeof datasetManifestSchema>;

const fileRole = z.enum(['weights', 'ema', 'optimizer']);
/** What a file of a checkpoint holds. */
export type FileRole = z.infer<typeof fileRole>;

const checkpointFileSchema = blobRef.extend({
  path: z.string(),
  role: fileRole,
});

/** Schema of `GuidanceRole`. */
export const guidanceRoleSchema = z.enum(['denoiser', 'noisy-classifier']);
/** What a model is good for: it denoises, or it guides a denoiser of the same schedule to a class. */
export type GuidanceRole = z.infer<typeof guidanceRoleSchema>;

/** Schema of `Metrics`. */
export const metricsSchema = z.record(z.string(), z.number());
/**
 * How good a model is, measured on data that it was not trained on. A noisy classifier has `accuracy@t` for several
 * noise levels t: the share of images, noised to time t, that its averaged weights give the right class.
 */
export type Metrics = z.infer<typeof metricsSchema>;

/** Schema of `CheckpointManifest`. */
export const checkpointManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  kind: z.literal('checkpoint'),
  run: z.string(),
  /** Steps that were committed when it was taken. */
  step: z.int().min(0),
  samplesSeen: z.int().min(0),
  /** Mean training loss of the last committed step. */
  loss: z.number().nullable(),
  files: z.array(checkpointFileSchema).min(1),
  /** The resolved job specification, whole: what trained this, and how to go on. */
  spec: z.record(z.string(), z.unknown()),
  guidanceRole: guidanceRoleSchema,
  metrics: metricsSchema,
  /** sha256 of the canonical forward process: models may be combined only where it is equal. */
  scheduleDigest: sha256,
  datasetDigest: sha256,
  /** Digest of the checkpoint of another run that this run began from; absent if it began from the seed. */
  forkOf: sha256.optional(),
  numericsClass: z.record(z.string(), z.string()),
});
/** A committed checkpoint. It holds no time and no host: two writers of the same step write the same bytes. */
export type CheckpointManifest = z.infer<typeof checkpointManifestSchema>;
/** One file of a checkpoint. */
export type CheckpointFile = z.infer<typeof checkpointFileSchema>;

/** @throws LangevinError `object_corrupt` with path and reason. */
export function parseDatasetManifest(input: unknown): DatasetManifest {
  return parseWith(datasetManifestSchema, input, 'object_corrupt', 'dataset manifest');
}

/** @throws LangevinError `object_corrupt` with path and reason. */
export function parseCheckpointManifest(input: unknown): CheckpointManifest {
  return parseWith(checkpointManifestSchema, input, 'object_corrupt', 'checkpoint manifest');
}

/** @throws LangevinError `object_corrupt` for a word that is no role. */
export function parseFileRole(input: unknown): FileRole {
  return parseWith(fileRole, input, 'object_corrupt', 'role of a file');
}

/** @throws LangevinError `object_corrupt` with path and reason. */
export function parseMetrics(input: unknown): Metrics {
  return parseWith(metricsSchema, input, 'object_corrupt', 'metrics');
}
