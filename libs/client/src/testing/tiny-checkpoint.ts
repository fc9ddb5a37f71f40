import { parseJobSpec, type CheckpointManifest, type ClassifierJobSpec, type DenoiserJobSpec, type JobSpec } from '@langevin/contracts';
import { encodeSafetensors, exportTensors, initParameters, modelLayout } from '@langevin/diffusion-core/io';
import { publishCheckpoint, type ObjectStore } from '@langevin/registry';
import { classifierCheckpoint, denoiserCheckpoint } from '../checkpoint-kind.js';
import type { CheckpointWeights } from '../checkpoint-weights.js';
import { tinyClassifierSpec, tinySpec } from './tiny-spec.js';

/** A small class-conditional network (three classes) with random weights, as if it had been trained. */
export function tinyCheckpoint(seed = 1, model: Readonly<Record<string, unknown>> = { num_class_embeds: 4 }): CheckpointWeights<DenoiserJobSpec> {
  return denoiserCheckpoint(randomWeights('tiny', parseJobSpec(tinySpec(model)), seed));
}

/** A small noisy classifier of three classes on the same images and schedule; `change` replaces parts of its job. */
export function tinyClassifier(seed = 1, change: Readonly<Record<string, unknown>> = {}): CheckpointWeights<ClassifierJobSpec> {
  return classifierCheckpoint(randomWeights('tiny-classifier', parseJobSpec({ ...tinyClassifierSpec(), ...change }), seed));
}

function randomWeights(run: string, spec: JobSpec, seed: number): CheckpointWeights {
  return { run, step: 5, digest: '0'.repeat(64), weights: 'ema', spec, parameters: initParameters(modelLayout(spec.model), seed) };
}

/** Publishes random weights (seed 2) and averaged weights (seed 1) as a checkpoint of the run `tiny`, or of another one. */
export async function publishTiny(
  store: ObjectStore,
  step: number,
  { run, spec }: CheckpointWeights = tinyCheckpoint(),
  scheduleDigest = 'a'.repeat(64),
): Promise<{ digest: string; manifest: CheckpointManifest }> {
  const facts = {
    schemaVersion: 1,
    kind: 'checkpoint',
    run,
    step,
    samplesSeen: step * 64,
    loss: null,
    spec: { ...spec },
    guidanceRole: spec.model.type === 'unet2d' ? 'denoiser' : 'noisy-classifier',
    metrics: {},
    scheduleDigest,
    datasetDigest: 'b'.repeat(64),
    numericsClass: {},
  } as const;
  return publishCheckpoint(store, facts, [
    { path: 'weights.safetensors', role: 'weights', content: weightsFile(spec, 2) },
    { path: 'ema.safetensors', role: 'ema', content: weightsFile(spec, 1) },
  ]);
}

function weightsFile(spec: JobSpec, seed: number): Uint8Array {
  const layout = modelLayout(spec.model);
  return encodeSafetensors(exportTensors(initParameters(layout, seed), layout), { format: 'pt' });
}
