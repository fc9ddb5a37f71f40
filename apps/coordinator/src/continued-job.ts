import { LangevinError, parseJobSpec, parseSpecSetting, withSettings, type JobSpec } from '@langevin/contracts';
import { differences, readCheckpoint, readManifest, type ObjectStore, type PublishedCheckpoint } from '@langevin/registry';
import type { ForkRequest__Output, ResumeRequest__Output } from '@langevin/rpc';
import { imagesPerStep } from './job-record.js';

/** Which checkpoint a job begins at, where that is not the newest of its run. Every byte of it is checked. */
export interface JobOrigin {
  /** A checkpoint of its own run. */
  readonly from?: PublishedCheckpoint;
  /** A checkpoint of another run, which a new run begins at. */
  readonly parent?: PublishedCheckpoint;
}

/** A job that goes on from a checkpoint. */
export interface ContinuedJob {
  readonly spec: JobSpec;
  readonly origin: JobOrigin;
}

/**
 * A run goes on from one of its checkpoints, with the specification that it holds.
 * @param warn told about each newer checkpoint that is passed over because it is damaged
 * @throws LangevinError `run_unknown`, `checkpoint_missing`, `checkpoint_corrupt`; `invalid_argument` or `invalid_spec` for settings
 */
export async function resumedJob(store: ObjectStore, request: ResumeRequest__Output, warn: (message: string) => void): Promise<ContinuedJob> {
  const from = await findCheckpoint(store, request.run, request.from, warn);
  return { spec: changedSpec(from, request.settings), origin: { from } };
}

/**
 * A new run begins at a checkpoint of another one. What the checkpoint holds must stay: the model and the process.
 * @throws LangevinError as `resumedJob`; `invalid_spec` when it would be another model, or would have nothing to train
 */
export async function forkedJob(store: ObjectStore, request: ForkRequest__Output, warn: (message: string) => void): Promise<ContinuedJob> {
  if (request.name === request.run) throw new LangevinError('invalid_argument', `a fork of run "${request.run}" needs a name of its own: give one with --name`);
  const parent = await findCheckpoint(store, request.run, request.from, warn);
  const spec = changedSpec(parent, request.settings, request.name);
  for (const part of ['model', 'process'] as const) refuseChange(parent, spec, part);
  refuseOtherBatch(parent, spec);
  const { step } = parent.manifest;
  if (spec.training.steps > step) return { spec, origin: { parent } };
  throw new LangevinError(
    'invalid_spec',
    `job spec: training.steps ${spec.training.steps}: nothing is left to train after checkpoint ${step} of run "${request.run}"; set more with --set training.steps=N, or fork an earlier one with --from`,
  );
}

/** @param from a step, the sha256 of a manifest, or empty for the newest that verifies */
async function findCheckpoint(store: ObjectStore, run: string, from: string, warn: (message: string) => void): Promise<PublishedCheckpoint> {
  const { digest, manifest } = await readCheckpoint(store, run, await stepOf(store, run, from), { onWarning: warn });
  return { digest, manifest };
}

async function stepOf(store: ObjectStore, run: string, from: string): Promise<number | 'latest'> {
  if (from === '') return 'latest';
  if (/^\d{1,12}$/.test(from)) return Number(from);
  const digest = /^(?:sha256:)?([0-9a-f]{64})$/.exec(from)?.[1];
  if (digest === undefined) throw new LangevinError('invalid_argument', `checkpoint ${JSON.stringify(from)}: give its step, or the 64 digits of its sha256`);
  const manifest = await readManifest(store, digest);
  if (manifest.run === run) return manifest.step;
  throw new LangevinError('invalid_argument', `checkpoint ${digest} is of run "${manifest.run}", not of run "${run}"`);
}

function changedSpec({ manifest }: PublishedCheckpoint, settings: readonly string[], name = manifest.run): JobSpec {
  return parseJobSpec(withSettings(manifest.spec, [...settings.map(parseSpecSetting), { path: ['name'], value: name }]));
}

function refuseChange({ manifest }: PublishedCheckpoint, spec: JobSpec, part: 'model' | 'process'): void {
  const [changed] = differences(manifest.spec[part], spec[part], part);
  if (changed === undefined) return;
  const where = `checkpoint ${manifest.step} of run "${manifest.run}"`;
  throw new LangevinError('invalid_spec', `job spec does not fit ${where}: ${changed}; a fork keeps the model and the process: submit a new job instead`);
}

/** The steps of the parent count as steps of the fork: which samples come next follows from how many each step takes. */
function refuseOtherBatch({ manifest }: PublishedCheckpoint, spec: JobSpec): void {
  const [before, now] = [imagesPerStep(parseJobSpec(manifest.spec)), imagesPerStep(spec)];
  if (before === now) return;
  throw new LangevinError(
    'invalid_spec',
    `job spec does not fit checkpoint ${manifest.step} of run "${manifest.run}": training.virtualWorkers · training.microBatch is ${before} there, ${now} here; a fork keeps the images of a step`,
  );
}
