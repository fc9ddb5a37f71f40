import { LangevinError, type CheckpointManifest, type GuidanceRole } from '@langevin/contracts';
import type { MetricPoint, RunAttempt } from '@langevin/contracts/api';
import { readAttempts } from '@langevin/metrics';
import { readDocument, readManifest, runKey, type ObjectStore } from '@langevin/registry';
import type { IndexedCheckpoint } from '@langevin/registry-index';
import { flattenSpec, numberAt, valueText, type FlatSpec } from './flat-spec.js';
import { checkRun, type RunArchive } from './run-archive.js';

/** A run as its store knows it. */
export interface StoredRun {
  readonly name: string;
  /** How it ended; null when it trains, or was interrupted: a store does not know which. */
  readonly phase: 'succeeded' | 'failed' | 'cancelled' | null;
  readonly guidanceRole: GuidanceRole;
  /** The newest step that left something in the store. */
  readonly step: number;
  readonly totalSteps: number;
  /** Mean training loss of the newest recorded step. */
  readonly loss: number | null;
  readonly checkpoints: number;
  /** When it was first trained; null when that was not recorded. */
  readonly createdAt: string | null;
  /** When its newest recorded step was committed. */
  readonly updatedAt: string | null;
  /** Digest of the checkpoint of another run that it began at. */
  readonly forkOf: string | null;
}

/** A run with everything that its store has of it. */
export interface StoredRunDetail extends StoredRun {
  /** The resolved job specification; without what changes no weight while there is no checkpoint. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly attempts: readonly RunAttempt[];
  readonly lastPoint: MetricPoint | null;
  readonly newest: CheckpointManifest | null;
}

/** What a run is. @throws LangevinError `run_unknown`; when the store cannot be read */
export async function readStoredRun(archive: RunArchive, name: string): Promise<StoredRunDetail> {
  checkRun(archive, name);
  const { store, index, metrics } = archive;
  const checkpoints = index.checkpoints(name);
  const [newest, record, attempts, lastPoint = null, lastEvent] = await Promise.all([
    newestManifest(store, checkpoints),
    readRecord(store, name),
    readAttempts(store, name),
    metrics.lastPoint(name),
    metrics.lastEvent(name),
  ]);
  const spec = objectAt(newest, 'spec') ?? objectAt(record, 'spec') ?? {};
  const flat = flattenSpec(spec);
  const step = Math.max(newest?.step ?? 0, lastPoint?.step ?? 0);
  const forkOf = newest?.forkOf ?? objectAt(record)?.['forkOf'];
  return {
    name,
    phase: phaseOf(lastEvent?.kind, newest?.step ?? 0, numberAt(flat, 'training.steps')),
    guidanceRole: flat.get('model.type') === 'classifier2d' ? 'noisy-classifier' : 'denoiser',
    step,
    totalSteps: numberAt(flat, 'training.steps'),
    loss: lastPoint?.loss ?? newest?.loss ?? null,
    checkpoints: checkpoints.length,
    createdAt: attempts[0]?.startedAt ?? null,
    updatedAt: lastPoint?.time ?? null,
    forkOf: typeof forkOf === 'string' ? forkOf : null,
    spec,
    attempts,
    lastPoint,
    newest,
  };
}

/** The part of a run that a list shows. */
export function summaryOf({ spec: _spec, attempts: _attempts, lastPoint: _point, newest: _newest, ...summary }: StoredRunDetail): StoredRun {
  return summary;
}

/** What a page says of a specification first. */
export function specFacts(spec: FlatSpec): string {
  const at = (path: string): string => valueText(spec.get(path));
  const images = numberAt(spec, 'training.virtualWorkers') * numberAt(spec, 'training.microBatch');
  return `${at('training.steps')} steps of ${images} images, learning rate ${at('training.learningRate')}, seed ${at('seed')}`;
}

/** The end that was noted last; without a note, whether the last step is there. */
function phaseOf(kind: string | undefined, step: number, totalSteps: number): StoredRun['phase'] {
  if (kind === 'succeeded' || kind === 'failed' || kind === 'cancelled') return kind;
  return totalSteps > 0 && step >= totalSteps ? 'succeeded' : null;
}

/** Damaged ones are passed over: the rest of the run is still there. */
async function newestManifest(store: ObjectStore, checkpoints: readonly IndexedCheckpoint[]): Promise<CheckpointManifest | null> {
  for (const { digest } of checkpoints.toReversed()) {
    try {
      return await readManifest(store, digest);
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
    }
  }
  return null;
}

/** What a run's own record holds; undefined when it is damaged or missing. */
export async function readRecord(store: ObjectStore, run: string): Promise<unknown> {
  try {
    return (await readDocument(store, runKey(run))).value;
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    return undefined;
  }
}

function isDamage(thrown: unknown): boolean {
  return thrown instanceof LangevinError && ['object_corrupt', 'object_missing', 'checkpoint_missing'].includes(thrown.code);
}

/** An object as it is, or the object under one of its keys. */
function objectAt(value: unknown, key?: string): Readonly<Record<string, unknown>> | undefined {
  const found: unknown = key === undefined || typeof value !== 'object' || value === null ? value : Reflect.get(value, key);
  return typeof found === 'object' && found !== null ? { ...found } : undefined;
}
