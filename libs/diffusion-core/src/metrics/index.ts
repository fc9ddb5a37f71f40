export { confusionMatrix } from './confusion-matrix.js';
export type { PointSet } from './euclidean.js';
export { labelAgreement, wilsonInterval } from './label-agreement.js';
export type { Agreement } from './label-agreement.js';
export { nearestDistances } from './nearest-distances.js';
export { meanWithinClassDistance } from './within-class-distance.js';
