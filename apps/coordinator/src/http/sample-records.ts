import { LangevinError, type BlobRef, type CheckpointManifest } from '@langevin/contracts';
import type { SampleMatrix } from '@langevin/contracts/api';
import { createDocument, getBlob, putBlob, readDocument, runKey, type ObjectStore } from '@langevin/registry';
import { z } from 'zod';
import type { DamageFilter } from './damage-filter.js';

const blobRef = z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) });

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('samples'),
  run: z.string(),
  step: z.int().min(0),
  /** Digest of the manifest of the checkpoint that drew it. */
  checkpoint: z.string(),
  labels: z.array(z.int()),
  columns: z.int().min(1),
  imageShape: z.tuple([z.int(), z.int(), z.int()]),
  guidanceScale: z.number(),
  sampler: z.string(),
  steps: z.int(),
  seed: z.int(),
  /** PNG: cells without gaps, a row for each label, a column for each seed. */
  image: blobRef,
});
/** The picture of one checkpoint, and what it shows. */
export type SampleRecord = z.infer<typeof recordSchema>;

/** Key of the picture of a checkpoint. */
function samplesKey(run: string, step: number): string {
  return `${runKey(run).slice(0, -'run.json'.length)}samples/${String(step).padStart(12, '0')}.json`;
}

/** The step of a picture's key; `undefined` for any other key. */
export function stepOfSamplesKey(key: string): number | undefined {
  const digits = /\/samples\/(\d{12})\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Stores a picture, once and for ever. @throws LangevinError when the store cannot be written */
export async function storeSamples(store: ObjectStore, record: Omit<SampleRecord, 'schemaVersion' | 'kind' | 'image'>, png: Uint8Array): Promise<void> {
  const image: BlobRef = await putBlob(store, png);
  await createDocument(store, samplesKey(record.run, record.step), { schemaVersion: 1, kind: 'samples', ...record, image });
}

/**
 * What the picture of a checkpoint shows.
 * @throws LangevinError `object_missing`, `object_corrupt`
 */
export async function readSamples(store: ObjectStore, run: string, step: number): Promise<SampleRecord> {
  const key = samplesKey(run, step);
  if ((await store.head(key)) === undefined) throw new LangevinError('object_missing', `run "${run}" has no samples of step ${step}`);
  const record = recordSchema.safeParse((await readDocument(store, key)).value);
  if (record.success) return record.data;
  throw new LangevinError('object_corrupt', `${store.location}: ${key} is damaged: it describes no samples`, { cause: record.error });
}

/** What the newest picture that is whole shows; undefined without one. @param steps those with a picture, ascending */
export async function newestSamples(store: ObjectStore, damage: DamageFilter, run: string, steps: readonly number[]): Promise<SampleRecord | undefined> {
  for (const step of steps.toReversed()) {
    const record = await damage.whole(() => readSamples(store, run, step));
    if (record) return record;
  }
  return undefined;
}

/** The picture itself, every byte checked. @throws LangevinError `object_missing`, `object_corrupt` */
export function readSamplesImage(store: ObjectStore, { image }: SampleRecord): Promise<Uint8Array> {
  return getBlob(store, image);
}

/** What is drawn of every checkpoint of a run; null for one that draws nothing. */
export interface MatrixPlan {
  /** null: the model knows no classes. */
  readonly labels: readonly number[] | null;
  readonly columns: number;
  readonly guidanceScale: number;
  readonly sampler: 'ddim';
  readonly steps: number;
  readonly seed: number;
}

const planFacts = z.object({
  model: z.object({ num_class_embeds: z.int().optional() }),
  process: z.object({ num_train_timesteps: z.int() }),
  training: z.object({ labelDropout: z.number().optional() }),
});

/** A picture holds this many classes at most. */
const maxRows = 10;

/** The same plan for every checkpoint of a run, so that a slider over them shows what training changes and nothing else. */
export function matrixPlan({ guidanceRole, spec }: CheckpointManifest): MatrixPlan | null {
  const facts = planFacts.safeParse(spec).data;
  if (guidanceRole !== 'denoiser' || !facts) return null;
  const classes = (facts.model.num_class_embeds ?? 1) - 1;
  const labels = classes > 0 ? Array.from({ length: Math.min(classes, maxRows) }, (_, label) => label) : null;
  const isGuidable = labels !== null && (facts.training.labelDropout ?? 0) > 0;
  return {
    labels,
    columns: labels === null ? 8 : 4,
    guidanceScale: isGuidable ? 3 : 1,
    sampler: 'ddim',
    steps: Math.min(20, facts.process.num_train_timesteps),
    seed: 0,
  };
}

/** The pictures of a run, as the slider takes them. @param progress which there are, and which are to come; `steps` ascending and not all of them */
export function matrixOf(record: SampleRecord | undefined, progress: Pick<SampleMatrix, 'steps' | 'drawing' | 'drawsCheckpoints'>): SampleMatrix {
  if (!record) return { ...progress, labels: [], columns: 0, imageShape: [0, 0, 0], guidanceScale: 1, steps: [] };
  const { labels, columns, imageShape, guidanceScale } = record;
  return { ...progress, labels, columns, imageShape, guidanceScale };
}
