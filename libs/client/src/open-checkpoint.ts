import { loadTensorFlow, type LoadOptions } from '@langevin/tf-runtime';
import { readCheckpointWeights, type CheckpointChoice } from './checkpoint-weights.js';
import { diffusionModel, type DiffusionModel } from './diffusion-model.js';
import type { StoreLocation } from './open-store.js';

/** Which model is opened, and what it runs on. */
export type OpenCheckpointOptions = StoreLocation &
  CheckpointChoice & {
    /** Tensor backend. @default 'auto': the best one that this machine has */
    readonly backend?: NonNullable<LoadOptions['backend']>;
    /** Receives one line when a slower backend than the best had to be taken. @default nothing is said */
    readonly log?: (line: string) => void;
  };

/**
 * Opens a trained model: reads the checkpoint, checks every byte, starts the tensor runtime.
 *
 * @example
 * const model = await openCheckpoint({ dataDir: 'langevin-data', run: 'digits-ddpm' });
 * const samples = await model.sample({ labels: [3, 1, 4, 1, 5], guidanceScale: 2, seed: 7 });
 * await writePngGrid('digits.png', samples);
 *
 * @throws LangevinError as `readCheckpointWeights`; `runtime_missing` when the backend asked for does not start
 */
export async function openCheckpoint(options: OpenCheckpointOptions): Promise<DiffusionModel> {
  const checkpoint = await readCheckpointWeights(options);
  const { backend = 'auto', log } = options;
  await loadTensorFlow({ backend, ...(log && { log }) });
  return diffusionModel(checkpoint);
}
