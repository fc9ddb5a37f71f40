import { loadTensorFlow } from '@langevin/tf-runtime';
import { readCheckpointWeights } from './checkpoint-weights.js';
import { noisyClassifier, type NoisyClassifier } from './noisy-classifier.js';
import type { OpenCheckpointOptions } from './open-checkpoint.js';

/**
 * Opens a noisy classifier, to guide a model with: reads the checkpoint, checks every byte, starts the tensor runtime.
 *
 * @example
 * const model = await openCheckpoint({ dataDir: '.langevin', run: 'digits-ddpm' });
 * const classifier = await openClassifier({ dataDir: '.langevin', run: 'digits-classifier' });
 * const samples = await model.sample({ labels: [3, 1, 4, 1, 5], classifier, classifierScale: 4 });
 *
 * @throws LangevinError as `openCheckpoint`; `invalid_argument` for a run that trained a denoiser
 */
export async function openClassifier(options: OpenCheckpointOptions): Promise<NoisyClassifier> {
  const checkpoint = await readCheckpointWeights(options);
  const { backend = 'auto', log } = options;
  await loadTensorFlow({ backend, ...(log && { log }) });
  return noisyClassifier(checkpoint);
}
