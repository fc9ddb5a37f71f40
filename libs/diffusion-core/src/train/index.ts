export { adamScalars, adamStep, adamUpdate } from './adam.js';
export type { AdamOptions, AdamScalarInputs, AdamScalars, AdamState, AdamVectors } from './adam.js';
export { classifierFreeLabels } from './classifier-free-labels.js';
export { emaDecay, emaStep } from './ema.js';
export type { EmaOptions } from './ema.js';
export { learningRateAt } from './learning-rate.js';
export type { LearningRateOptions } from './learning-rate.js';
export { trainingNoise } from './training-noise.js';
export type { TrainingNoise, TrainingNoiseId } from './training-noise.js';
