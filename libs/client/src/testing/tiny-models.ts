import { promoteModel, registerModel, type ChangeContext, type ObjectStore } from '@langevin/registry';
import type { CheckpointWeights } from '../checkpoint-weights.js';
import { publishTiny, tinyCheckpoint, tinyClassifier } from './tiny-checkpoint.js';

const context: ChangeContext = { actor: 'ann', now: () => Date.UTC(2026, 0, 1), newId: () => 'id' };

/** Publishes a checkpoint of random weights as the next version of a model, with the alias `production`. */
export async function publishModel(store: ObjectStore, model: string, step: number, checkpoint?: CheckpointWeights, scheduleDigest?: string): Promise<string> {
  const { digest } = await publishTiny(store, step, checkpoint, scheduleDigest);
  const { version } = await registerModel(store, { model, checkpoint: digest, license: 'CC0-1.0' }, context);
  await promoteModel(store, { model, alias: 'production', version: version.version }, context);
  return digest;
}

/** A store's model `digits`, and `digits-classifier` that guides it. */
export async function publishPair(store: ObjectStore): Promise<{ denoiser: string; classifier: string }> {
  return { denoiser: await publishModel(store, 'digits', 5, tinyCheckpoint()), classifier: await publishModel(store, 'digits-classifier', 5, tinyClassifier()) };
}
