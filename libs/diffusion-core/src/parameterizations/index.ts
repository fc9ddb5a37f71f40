export { addNoise, predictionToX0, trainingTarget, x0ToPrediction } from './conversions.js';
export type { Denoiser, PredictionType, Predictor } from './denoiser.js';
export { splitLearnedVariance, toVarianceDenoiser } from './learned-variance.js';
export type { MeanAndVariance, VarianceDenoiser } from './learned-variance.js';
export { edmNoiseLabel, edmTrainingSigma, preconditioned, preconditioning } from './preconditioning.js';
export type { Preconditioning, PreconditioningOptions, PreconditioningType } from './preconditioning.js';
export { toDenoiser } from './to-denoiser.js';
