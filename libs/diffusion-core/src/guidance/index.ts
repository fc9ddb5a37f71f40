export { classifierFree, classifierFreeBatched } from './classifier-free.js';
export type { GuidanceScale, LabelledDenoiser } from './classifier-free.js';
export { classifierGuidance } from './classifier-guidance.js';
export type { ClassifierScale } from './classifier-guidance.js';
export type { Guidance } from './guidance.js';
export { logLikelihoodGradient } from './log-likelihood.js';
export type { LogLikelihood } from './log-likelihood.js';
export { staticThreshold } from './static-threshold.js';
