export { gaussianDenoiser, scoreOf } from './gaussian.js';
export type { GaussianData } from './gaussian.js';
export { measurementLogLikelihood } from './gaussian-measurement.js';
export type { GaussianMeasurement } from './gaussian-measurement.js';
export { mixtureDenoiser } from './gaussian-mixture.js';
export type { MixtureComponent } from './gaussian-mixture.js';
export { jointGaussianDenoiser, linearPosterior } from './joint-gaussian.js';
export type { JointGaussian, LinearMeasurement } from './joint-gaussian.js';
