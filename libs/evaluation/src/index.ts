export { guidanceFigure } from './guidance-figure.js';
export { judgeGuidance } from './judge-guidance.js';
export { judgeSamples } from './judge-samples.js';
export { measureRateDistortion } from './measure-rate-distortion.js';
export { meanOfImages, measureBound, measureFlow, signProbe } from './negative-log-likelihood.js';
export { bicubic, medianFill, medianFilter, smoothFill } from './restoration/baselines.js';
export { judgeRestoration } from './restoration/judge-restoration.js';
export { trainDigitClassifier } from './train-digit-classifier.js';

export type { GuidanceJudgement, GuidancePoint } from './judge-guidance.js';
export type { ImageSet } from './image-set.js';
export type { Judgement, JudgeInput } from './judge-samples.js';
export type { BitsPerImage, BoundBand, BoundInput, LikelihoodInput, MeasuredBound, MeasuredFlow } from './negative-log-likelihood.js';
export type { ClassifierOptions, ClassifierProgress, DigitClassifier, ImageFeatures } from './train-digit-classifier.js';
export type { RestorationJudgement } from './restoration/judge-restoration.js';
