import { readDataset, ShardCache } from '@langevin/datasets';
import type { ImageSet } from '@langevin/evaluation';
import { DataFolder, getBlob } from '@langevin/registry';
import { openCliStore, type StoreOptions } from './open-store.js';

/**
 * All images of one split of a dataset, in its order.
 * @throws LangevinError `dataset_missing`; whatever the store throws
 */
export async function realImages(options: StoreOptions, dataset: string, split: 'train' | 'test'): Promise<ImageSet> {
  const store = await openCliStore(options);
  const { manifest } = await readDataset(store, dataset);
  const shards = await ShardCache.open({ manifest, split, folder: new DataFolder(options.dataDir).cache, fetch: (ref) => getBlob(store, ref) });
  const batch = await shards.batch(Array.from({ length: shards.samples }, (_, index) => index));
  return { ...batch, imageShape: manifest.imageShape };
}
