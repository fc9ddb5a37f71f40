import { isClassifierJob, type JobSpec } from '@langevin/contracts';
import { ShardCache, type ShardCacheOptions } from '@langevin/datasets';
import type { HeldOutImages } from '@langevin/diffusion-core';

/** Enough to tell accuracies apart that differ by a few per cent; every trainer looks at all of them. */
const most = 200;

/**
 * The images that a job's model is measured on: the first of the split that it does not learn from. Null for a model that is
 * not measured. Every trainer of the job gets the same ones.
 */
export async function heldOutImages(spec: JobSpec, data: Omit<ShardCacheOptions, 'split'>): Promise<HeldOutImages | null> {
  if (!isClassifierJob(spec)) return null;
  const shards = await ShardCache.open({ ...data, split: spec.dataset.split === 'train' ? 'test' : 'train' });
  return shards.batch(Array.from({ length: Math.min(most, shards.samples) }, (_, index) => index));
}
