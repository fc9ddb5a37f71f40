import { createHash } from 'node:crypto';
import {
  canonicalJson,
  isDenoiserJob,
  LangevinError,
  parseJobSpec,
  parsePullRecord,
  type CheckpointManifest,
  type DenoiserJobSpec,
  type ModelVersion,
  type PulledVersion,
  type PullRecord,
} from '@langevin/contracts';
import { diffusersModelIndex, diffusersSchedulerConfig, diffusersUnetConfig } from '@langevin/diffusion-core/io';
import { plannedRef } from './held-files.js';
import type { PlannedFile, PullPlan } from './pull-plan.js';

/** A version with the manifest of its checkpoint, and the reference that found it. */
export interface FoundVersion {
  readonly reference: string;
  readonly version: ModelVersion;
  readonly manifest: CheckpointManifest;
}

/** Where the parts of a pulled model lie in its directory. */
export const pulledPaths = {
  record: 'langevin.json',
  denoiser: 'unet/diffusion_pytorch_model.safetensors',
  classifier: 'classifier/model.safetensors',
} as const;

const scheduler = 'DDIMScheduler';

/**
 * The files of a pulled model: a directory that diffusers opens as it is, the noisy classifier beside it, and `langevin.json`. The
 * averaged weights are taken byte for byte, so that their sha256 stays that of the manifest.
 */
export function modelPlan(model: FoundVersion, guidance?: FoundVersion): PullPlan {
  const files = [...denoiserFiles(model), ...(guidance ? classifierFiles(guidance) : [])];
  const record: PullRecord = {
    schemaVersion: 1,
    kind: 'pulled-model',
    model: pulledVersion(model),
    ...(guidance && { guidance: pulledVersion(guidance) }),
    files: files.map((file) => ({ path: file.path, ...plannedRef(file) })),
  };
  const identity = identityOf(record);
  return {
    id: createHash('sha256').update(identity).digest('hex').slice(0, 16),
    files,
    label: { path: pulledPaths.record, content: json(record), same: (content) => identity === recordedIdentity(content) },
  };
}

function denoiserFiles({ version, manifest }: FoundVersion): PlannedFile[] {
  const spec = denoiserSpec(manifest);
  return [
    { path: 'model_index.json', content: json(diffusersModelIndex(scheduler)) },
    { path: 'scheduler/scheduler_config.json', content: json(diffusersSchedulerConfig(spec.process, scheduler)) },
    { path: 'unet/config.json', content: json(diffusersUnetConfig(spec.model)) },
    { path: pulledPaths.denoiser, blob: weightsOf(version, manifest) },
  ];
}

function classifierFiles({ version, manifest }: FoundVersion): PlannedFile[] {
  const { model, process } = parseJobSpec(manifest.spec);
  return [
    { path: 'classifier/config.json', content: json({ ...model, process }) },
    { path: pulledPaths.classifier, blob: weightsOf(version, manifest) },
  ];
}

function denoiserSpec(manifest: CheckpointManifest): DenoiserJobSpec {
  const spec = parseJobSpec(manifest.spec);
  if (isDenoiserJob(spec)) return spec;
  throw new LangevinError('object_corrupt', `checkpoint ${manifest.step} of run "${manifest.run}" calls itself a denoiser, and its job trains a ${spec.model.type}`);
}

function weightsOf(version: ModelVersion, manifest: CheckpointManifest): { digest: string; size: number } {
  const file = manifest.files.find(({ role, digest }) => role === 'ema' && digest === version.weights);
  if (file) return { digest: file.digest, size: file.size };
  throw new LangevinError('object_corrupt', `version ${version.version} of model "${version.name}" names weights ${version.weights}, which its checkpoint ${version.checkpoint} does not have`);
}

function pulledVersion({ reference, version, manifest }: FoundVersion): PulledVersion {
  const { name, version: number, checkpoint, license } = version;
  return { reference, name, version: number, ...(license === undefined ? {} : { license }), checkpoint, manifest };
}

/** Two pulls are the same when they brought the same, whatever it was called when it was asked for. */
function identityOf({ model, guidance, ...rest }: PullRecord): string {
  const { reference: _model, ...first } = model;
  const { reference: _guidance, ...second } = guidance ?? { reference: '' };
  return canonicalJson({ ...rest, model: first, guidance: guidance ? second : null });
}

function recordedIdentity(content: Uint8Array): string | undefined {
  try {
    return identityOf(parsePullRecord(JSON.parse(new TextDecoder().decode(content))));
  } catch {
    // Another program's file of that name: not the same, whatever it is.
    return undefined;
  }
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
