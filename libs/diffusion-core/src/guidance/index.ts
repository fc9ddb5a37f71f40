export { classifierFree, classifierFreeBatched } from './classifier-free.js';
export type { GuidanceScale, LabelledDenoiser } from './classifier-free.js';
export type { Guidance } from './guidance.js';
export { staticThreshold } from './static-threshold.js';
