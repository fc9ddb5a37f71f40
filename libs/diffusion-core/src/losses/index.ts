export { crossEntropy } from './cross-entropy.js';
export { labelLogProbability } from './label-log-probability.js';
export { simpleLoss } from './simple-loss.js';
export type { LossSums } from './simple-loss.js';
