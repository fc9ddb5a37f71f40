import type { JobSpec } from '@langevin/contracts';
import { sampleAt, type ShardCache } from '@langevin/datasets';
import type { LeafBatch } from '../compute/protocol.js';

/**
 * The samples of virtual worker `leaf` at `step`. They follow from the job's seed alone: which trainer asks, and how
 * many there are, changes nothing.
 */
export async function leafBatch(spec: JobSpec, shards: ShardCache, step: number, leaf: number): Promise<LeafBatch> {
  const { virtualWorkers, microBatch } = spec.training;
  const order = { seed: spec.seed, samples: shards.samples, globalBatch: virtualWorkers * microBatch };
  const firstSlot = leaf * microBatch;
  const slots = Array.from({ length: microBatch }, (_, place) => sampleAt(order, step, firstSlot + place));
  const { images, labels } = await shards.batch(slots.map((slot) => slot.index));
  const samples = slots.filter(({ weight }) => weight > 0).map(({ index }) => index);
  return { images, labels, weights: Float32Array.from(slots, (slot) => slot.weight), firstSlot, samples };
}
