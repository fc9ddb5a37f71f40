import { jobImageChannels, LangevinError, parseJobSpec, type GuidanceRole, type ModelVersion } from '@langevin/contracts';
import { requireSameSchedule } from '@langevin/diffusion-core/io';
import { readManifest, resolveModel, type ObjectStore } from '@langevin/registry';
import { openStore, type StoreLocation } from '../open-store.js';
import { modelPlan, type FoundVersion } from './model-plan.js';
import { pullFiles, type PullOptions } from './pull-files.js';
import type { PullResult } from './pull-plan.js';

/** What is pulled, whence and where to. */
export type PullModelOptions = StoreLocation &
  PullOptions & {
    /** The denoiser: `NAME`, `NAME:VERSION`, `NAME@ALIAS` or `NAME@sha256:DIGEST`. */
    readonly model: string;
    /** A noisy classifier to guide it with, named the same way. @default none */
    readonly guidance?: string;
    /** The directory to make. @default the name of the model, in the working directory */
    readonly out?: string;
  };

/** What was pulled, and which versions the references meant. */
export interface PulledModelResult extends PullResult {
  readonly model: ModelVersion;
  readonly guidance?: ModelVersion;
}

/**
 * Pulls a model, and on request the classifier that guides it, into a directory that diffusers opens as it is. Every byte is
 * checked. The directory is there whole or not at all; an interrupted pull goes on where it stopped.
 *
 * @example
 * await pullModel({ store: 's3://models?endpoint=http://127.0.0.1:9000', model: 'digits@production', guidance: 'digits-classifier@production', out: 'digits' });
 *
 * @throws LangevinError `model_unknown`, `alias_unknown` saying what there is; `schedule_mismatch` naming the option of the process
 * that differs; `invalid_argument` for a bad reference, a `model` that is no denoiser or a `guidance` that is no noisy classifier;
 * `object_exists`, `object_corrupt`, `storage_full`, `storage_failed`, `cancelled`; the store's own errors
 */
export async function pullModel(options: PullModelOptions): Promise<PulledModelResult> {
  const store = await openStore(options);
  const model = await find(store, options.model, 'denoiser');
  const guidance = options.guidance === undefined ? undefined : await find(store, options.guidance, 'noisy-classifier');
  if (guidance) checkPair(model, guidance);
  const result = await pullFiles(store, modelPlan(model, guidance), options.out ?? model.version.name, options);
  return { ...result, model: model.version, ...(guidance && { guidance: guidance.version }) };
}

async function find(store: ObjectStore, reference: string, role: GuidanceRole): Promise<FoundVersion> {
  const version = await resolveModel(store, reference);
  if (version.guidanceRole === role) return { reference, version, manifest: await readManifest(store, version.checkpoint) };
  const advice = role === 'denoiser' ? 'pull a denoiser, and name this one with guidance' : 'to guide, name a model whose job has model.type classifier2d';
  throw new LangevinError('invalid_argument', `${reference} (version ${version.version}) is a ${version.guidanceRole}, not a ${role}: ${advice}`);
}

/** At equal times both must see equal noise, and images of one size. */
function checkPair(model: FoundVersion, guidance: FoundVersion): void {
  const [denoiser, classifier] = [parseJobSpec(model.manifest.spec), parseJobSpec(guidance.manifest.spec)];
  requireSameSchedule(denoiser.process, classifier.process);
  if (model.version.scheduleDigest !== guidance.version.scheduleDigest) {
    throw new LangevinError('schedule_mismatch', `scheduleDigest is ${model.version.scheduleDigest} of ${model.reference} and ${guidance.version.scheduleDigest} of ${guidance.reference}, though their processes read alike: train one of them again`);
  }
  const seen = { sample_size: denoiser.model.sample_size, in_channels: jobImageChannels(denoiser) };
  for (const key of ['sample_size', 'in_channels'] as const) {
    if (seen[key] === classifier.model[key]) continue;
    throw new LangevinError('invalid_argument', `model.${key} is ${seen[key]} of ${model.reference} and ${classifier.model[key]} of ${guidance.reference}: they see different images; choose a classifier of the same images`);
  }
}
