export { judgeSamples } from './judge-samples.js';
export { trainDigitClassifier } from './train-digit-classifier.js';

export type { ImageSet } from './image-set.js';
export type { Judgement, JudgeInput } from './judge-samples.js';
export type { ClassifierOptions, ClassifierProgress, DigitClassifier } from './train-digit-classifier.js';
