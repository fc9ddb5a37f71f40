export { openCheckpoint } from './open-checkpoint.js';
export { readCheckpointWeights } from './checkpoint-weights.js';
export { diffusionModel } from './diffusion-model.js';
export { exportDiffusers } from './export-diffusers.js';
export { imageGrid } from './image-grid.js';
export { toPixels } from './samples.js';
export { writePngGrid } from './write-png-grid.js';

export type { OpenCheckpointOptions } from './open-checkpoint.js';
export type { CheckpointChoice, CheckpointWeights, WeightsRole } from './checkpoint-weights.js';
export type { DiffusionModel } from './diffusion-model.js';
export type { ExportOptions } from './export-diffusers.js';
export type { GridOptions, Picture } from './image-grid.js';
export type { SampleOptions, SampleProgress } from './sample-options.js';
export type { Samples } from './samples.js';
export type { StoreLocation } from './open-store.js';
