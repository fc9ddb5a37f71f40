export { initParameters } from './init-parameters.js';
export { leafGradient } from './leaf-gradient.js';
export { concatGradients, splitParameters } from './split-parameters.js';
export { unet2dLayout } from './unet2d-layout.js';
export { unet2d } from './unet2d.js';

export type { LeafBatch, LeafGradient } from './leaf-gradient.js';
export type { ParameterEntry, ParameterKind, ParameterLayout } from './parameter-layout.js';
export type { UNet2D } from './unet2d.js';
