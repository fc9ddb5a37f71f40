import { LangevinError, canonicalJson, type JobSpec } from '@langevin/contracts';
import { createDocument, readDocument } from './documents.js';
import { runKey, runsPrefix } from './layout.js';
import type { ObjectStore } from './object-store.js';
import { differences, runIdentity, storedIdentity } from './run-identity.js';
import { sha256Hex } from './sha256.js';

/** What identifies a run: the job that it trains and the data. Written once. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly kind: 'run';
  readonly name: string;
  /** The resolved job specification without what changes no weight. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** sha256 of the canonical JSON of `spec`. */
  readonly specDigest: string;
  /** Digest of the dataset's manifest. */
  readonly datasetDigest: string;
  /** Digest of the checkpoint of another run that this one began from; absent if it began from the seed. */
  readonly forkOf?: string;
}

/**
 * Opens the run that is named like the job, or begins it. Number of trainers, exchange and checkpoint interval may
 * change from one opening to the next; whatever else the weights depend on may not.
 *
 * @param forkOf digest of the checkpoint that a new run begins from; a run that is opened again keeps its own
 * @returns whether the run is new
 * @throws LangevinError `job_conflict` if the name belongs to another job, with the paths that differ; `object_corrupt`
 */
export async function openRun(
  store: ObjectStore,
  spec: JobSpec,
  datasetDigest: string,
  forkOf?: string,
): Promise<{ readonly created: boolean; readonly record: RunRecord }> {
  const key = runKey(spec.name);
  const record: RunRecord = { ...runRecord(spec, datasetDigest), ...(forkOf === undefined ? {} : { forkOf }) };
  if ((await store.head(key)) === undefined) {
    const result = await createDocument(store, key, record);
    if (result.status !== 'taken') return { created: result.status === 'created', record };
  }
  const stored = (await readDocument(store, key)).value;
  const { trainers, checkpoints, exchange } = spec;
  const existing = isRecord(stored) ? { ...stored, spec: storedIdentity(stored.spec, { trainers, checkpoints, exchange }) } : stored;
  const lineage = forkOf === undefined ? forkOfRecord(existing) : {};
  const found = differences(existing, { ...record, ...lineage }).filter((text) => !text.startsWith('specDigest '));
  if (found.length === 0) return { created: false, record: { ...record, ...lineage } };
  const more = found.length > 3 ? ` and ${found.length - 3} more` : '';
  throw new LangevinError(
    'job_conflict',
    `run "${spec.name}" is of another job: ${found.slice(0, 3).join('; ')}${more}; choose another name for this one`,
  );
}

/** Names of the runs of a store, in order. */
export async function listRuns(store: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of store.list(runsPrefix)) {
    const match = /^v1\/runs\/([^/]+)\/run\.json$/.exec(key);
    if (match?.[1] !== undefined) names.push(match[1]);
  }
  return names;
}

function isRecord(value: unknown): value is { readonly spec: unknown } {
  return typeof value === 'object' && value !== null && 'spec' in value;
}

/** The lineage of a record that was read: what else it holds is compared with what it should hold. */
function forkOfRecord(existing: unknown): Pick<RunRecord, 'forkOf'> {
  const forkOf: unknown = typeof existing === 'object' && existing !== null && 'forkOf' in existing ? existing.forkOf : undefined;
  return typeof forkOf === 'string' ? { forkOf } : {};
}

function runRecord(spec: JobSpec, datasetDigest: string): RunRecord {
  const identity = runIdentity(spec);
  return { schemaVersion: 1, kind: 'run', name: spec.name, spec: identity, specDigest: sha256Hex(canonicalJson(identity)), datasetDigest };
}
