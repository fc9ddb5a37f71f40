import { parseJobSpec, type CheckpointManifest, type JobSpec } from '@langevin/contracts';
import { encodeSafetensors, exportTensors, initParameters, unet2dLayout } from '@langevin/diffusion-core/io';
import { publishCheckpoint, type ObjectStore } from '@langevin/registry';
import type { CheckpointWeights } from '../checkpoint-weights.js';
import { tinySpec } from './tiny-spec.js';

/** A small class-conditional network (three classes) with random weights, as if it had been trained. */
export function tinyCheckpoint(seed = 1, model: Readonly<Record<string, unknown>> = { num_class_embeds: 4 }): CheckpointWeights {
  const spec = parseJobSpec(tinySpec(model));
  return { run: 'tiny', step: 5, digest: '0'.repeat(64), weights: 'ema', spec, parameters: initParameters(unet2dLayout(spec.model), seed) };
}

/** Publishes random weights (seed 2) and averaged weights (seed 1) as a checkpoint of the run `tiny`. */
export async function publishTiny(store: ObjectStore, step: number): Promise<{ digest: string; manifest: CheckpointManifest }> {
  const { spec } = tinyCheckpoint();
  const facts = {
    schemaVersion: 1,
    kind: 'checkpoint',
    run: 'tiny',
    step,
    samplesSeen: step * 64,
    loss: null,
    spec: { ...spec },
    scheduleDigest: 'a'.repeat(64),
    datasetDigest: 'b'.repeat(64),
    numericsClass: {},
  } as const;
  return publishCheckpoint(store, facts, [
    { path: 'weights.safetensors', role: 'weights', content: weightsFile(spec, 2) },
    { path: 'ema.safetensors', role: 'ema', content: weightsFile(spec, 1) },
  ]);
}

function weightsFile(spec: JobSpec, seed: number): Uint8Array {
  const layout = unet2dLayout(spec.model);
  return encodeSafetensors(exportTensors(initParameters(layout, seed), layout), { format: 'pt' });
}
