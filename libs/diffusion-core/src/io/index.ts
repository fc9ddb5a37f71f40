export { decodeSafetensors } from './decode-safetensors.js';
export { diffusersModelIndex, diffusersSchedulerConfig, diffusersUnetConfig, unet2dConfigFromDiffusers } from './diffusers-config.js';
export { checkDiffusersPipeline, todaysNames } from './diffusers-pipeline.js';
export { processFromDiffusers } from './diffusers-process.js';
export { exportTensors, importTensors } from './diffusers-weights.js';
export { encodeSafetensors } from './encode-safetensors.js';

// What weights are laid out by, without a tensor runtime.
export { initParameters } from '../nn/init-parameters.js';
export { modelLayout } from '../nn/model-layout.js';
export { unet2dLayout } from '../nn/unet2d-layout.js';

// Which models may be combined.
export { requireSameSchedule } from '../processes/schedule-difference.js';

export type { DiffusersJson, DiffusersScheduler } from './diffusers-config.js';
export type { ParameterEntry, ParameterKind, ParameterLayout } from '../nn/parameter-layout.js';
export type { SafetensorsDtype, SafetensorsFile, SafetensorsTensor } from './safetensors-format.js';
