export { simpleLoss } from './simple-loss.js';
export type { LossSums } from './simple-loss.js';
