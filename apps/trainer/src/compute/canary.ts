import { jobImageChannels, type JobSpec } from '@langevin/contracts';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import type { LeafBatch } from './protocol.js';

/**
 * A batch that every trainer of a job knows without any data: its gradient at the initial weights tells whether two
 * machines compute the same bits. Step 0 is its own: training begins at step 1.
 * @param classes that its labels name in turn
 */
export function canaryLeaf(spec: JobSpec, classes: number): LeafBatch {
  const { sample_size: size } = spec.model;
  const channels = jobImageChannels(spec);
  const count = spec.training.microBatch;
  const stream = new PhiloxStream({ seed: spec.seed, purpose: 'augmentation', step: 0 });
  const images = stream.fillUniform(new Float32Array(count * size * size * channels)).map((value) => 2 * value - 1);
  const labels = Int32Array.from({ length: count }, (_, place) => place % classes);
  return { images, labels, weights: new Float32Array(count).fill(1), firstSlot: 0 };
}
