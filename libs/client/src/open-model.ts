import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { canonicalJson, LangevinError, parseJobSpec, parsePullRecord, type PulledVersion, type PullRecord } from '@langevin/contracts';
import { decodeSafetensors, importTensors, modelLayout } from '@langevin/diffusion-core/io';
import { loadTensorFlow, type LoadOptions } from '@langevin/tf-runtime';
import type { CheckpointWeights } from './checkpoint-weights.js';
import { importDiffusers, isDiffusersDirectory } from './import-diffusers.js';
import { diffusionModel, type DiffusionModel } from './diffusion-model.js';
import { noisyClassifier, type NoisyClassifier } from './noisy-classifier.js';
import { pathExists } from './path-exists.js';
import { checkFile } from './pull/held-files.js';
import { innerPath } from './pull/inner-path.js';
import { pulledPaths } from './pull/model-plan.js';

/** What a pulled model runs on. */
export interface OpenModelOptions {
  /** Tensor backend. @default 'auto': the best one that this machine has */
  readonly backend?: NonNullable<LoadOptions['backend']>;
  /** Receives one line when a slower backend than the best had to be taken. @default nothing is said */
  readonly log?: (line: string) => void;
}

/** A model of a directory, ready to draw, with the classifier that was pulled with it. */
export interface PulledModel extends DiffusionModel {
  /** Guides the model when it is given to `sample`. Absent when none was pulled. */
  readonly classifier?: NoisyClassifier;
  /** What the directory holds, and where that came from. Absent when it was not pulled. */
  readonly record?: PullRecord;
  /** Frees the weights, the classifier's too. */
  dispose(): void;
}

/** The weights of a pulled model, every byte checked. */
export interface PulledWeights {
  readonly denoiser: CheckpointWeights;
  readonly classifier?: CheckpointWeights;
  readonly record: PullRecord;
}

/**
 * Opens a model that `pullModel` or `langevin model pull` brought: checks every byte against `langevin.json`, starts the tensor
 * runtime. Needs no store. A directory that Python's diffusers wrote is imported.
 *
 * @example
 * const { classifier, ...model } = await openModel('digits');
 * const samples = await model.sample({ labels: [3, 1, 4, 1, 5], classifier, classifierScale: 4, seed: 7 });
 *
 * @throws LangevinError as `readPulledWeights`, or as `importDiffusers`; `runtime_missing` when the backend asked for does not start
 */
export async function openModel(directory: string, { backend = 'auto', log }: OpenModelOptions = {}): Promise<PulledModel> {
  const weights = await readDirectory(directory);
  await loadTensorFlow({ backend, ...(log && { log }) });
  const model = diffusionModel(weights.denoiser);
  const classifier = weights.classifier && noisyClassifier(weights.classifier);
  return {
    ...model,
    ...(weights.record && { record: weights.record }),
    ...(classifier && { classifier }),
    dispose() {
      model.dispose();
      classifier?.dispose();
    },
  };
}

/** A directory of diffusers is one that was pulled too, but for the record. */
async function readDirectory(directory: string): Promise<Omit<PulledWeights, 'record'> & { readonly record?: PullRecord }> {
  const isPulled = await pathExists(join(directory, pulledPaths.record));
  return !isPulled && (await isDiffusersDirectory(directory)) ? { denoiser: await importDiffusers(directory) } : readPulledWeights(directory);
}

/**
 * Reads the weights of a pulled model. Needs neither store nor tensor runtime.
 * @throws LangevinError `object_missing` when the directory is no pulled model; `object_corrupt` naming the damaged file
 */
export async function readPulledWeights(directory: string): Promise<PulledWeights> {
  const root = resolve(directory);
  const record = await readRecord(root);
  for (const { path, digest, size } of record.files) await checkFile(join(root, innerPath(path)), { digest, size });
  const denoiser = await readWeights(root, pulledPaths.denoiser, record.model, record);
  if (!record.guidance) return { denoiser, record };
  return { denoiser, classifier: await readWeights(root, pulledPaths.classifier, record.guidance, record), record };
}

async function readRecord(root: string): Promise<PullRecord> {
  const path = join(root, pulledPaths.record);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new LangevinError('object_missing', `${root} is no pulled model: there is no ${pulledPaths.record}; \`langevin model pull NAME@ALIAS --out ${basename(root)}\` makes one`, { cause });
  }
  try {
    return parsePullRecord(JSON.parse(text));
  } catch (cause) {
    throw new LangevinError('object_corrupt', `${path} is damaged: ${LangevinError.from(cause).message}; remove the directory and pull it again`, { cause });
  }
}

async function readWeights(root: string, path: string, { checkpoint, manifest }: PulledVersion, record: PullRecord): Promise<CheckpointWeights> {
  const file = join(root, path);
  const weights = manifest.files.find(({ role }) => role === 'ema')?.digest;
  const listed = record.files.find((other) => other.path === path)?.digest;
  const isWhole = createHash('sha256').update(canonicalJson(manifest)).digest('hex') === checkpoint;
  if (!isWhole || weights === undefined || weights !== listed) {
    throw new LangevinError('object_corrupt', `${join(root, pulledPaths.record)} is damaged: what it says of ${path} is not what checkpoint ${checkpoint} is; remove the directory and pull it again`);
  }
  const spec = parseJobSpec(manifest.spec);
  try {
    const parameters = importTensors(decodeSafetensors(await readFile(file)).tensors, modelLayout(spec.model));
    return { run: manifest.run, step: manifest.step, digest: checkpoint, weights: 'ema', spec, parameters };
  } catch (cause) {
    throw new LangevinError('object_corrupt', `${file}: ${LangevinError.from(cause).message}`, { cause });
  }
}
