export { addNoise, predictionToX0, trainingTarget, x0ToPrediction } from './conversions.js';
export type { Denoiser, PredictionType, Predictor } from './denoiser.js';
export { splitLearnedVariance, toVarianceDenoiser } from './learned-variance.js';
export type { MeanAndVariance, VarianceDenoiser } from './learned-variance.js';
export { toDenoiser } from './to-denoiser.js';
