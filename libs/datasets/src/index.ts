export { importDataset, importSource, listDatasets, readDataset } from './dataset-store.js';
export type { ImportOptions, ImportProgress, StoredDataset } from './dataset-store.js';
export type { DatasetSource, LabelledImages } from './dataset-source.js';
export { knownDatasets } from './sources.js';
export { ShardCache } from './shard-cache.js';
export type { ImageBatch, ShardCacheOptions } from './shard-cache.js';
export { sampleAt, samplesSeen, stepsPerEpoch } from './sample-order.js';
export type { BatchSlot, SampleOrder } from './sample-order.js';
export { permutation } from './permutation.js';
