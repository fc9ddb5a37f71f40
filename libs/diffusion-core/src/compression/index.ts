export { AnsStack, ansTotal } from './ans-stack.js';
export { BitsBack } from './bits-back.js';
export type { BitsBackOptions } from './bits-back.js';
export type { ChainOptions } from './chain-levels.js';
export { LatticeNormal } from './lattice-normal.js';
export { LevelCode } from './level-code.js';
export { rateDistortion } from './rate-distortion.js';
export type { RateDistortionOptions, RateDistortionPoint } from './rate-distortion.js';
