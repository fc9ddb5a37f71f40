export { classifier2d } from './classifier2d.js';
export { classifier2dLayout } from './classifier2d-layout.js';
export { classifierGradient } from './classifier-gradient.js';
export { initParameters } from './init-parameters.js';
export { leafGradient } from './leaf-gradient.js';
export { areaDownsampled, besideLowResolution } from './low-resolution.js';
export { meanOutput } from './mean-output.js';
export { modelLayout } from './model-layout.js';
export { concatGradients, splitParameters } from './split-parameters.js';
export { unet2dLayout } from './unet2d-layout.js';
export { unet2d } from './unet2d.js';

export type { Classifier2D } from './classifier2d.js';
export type { NetworkOptions } from './encoder-block.js';
export type { LeafBatch } from './leaf-batch.js';
export type { LeafGradient } from './loss-gradient.js';
export type { ParameterEntry, ParameterKind, ParameterLayout } from './parameter-layout.js';
export type { UNet2D } from './unet2d.js';
