export { ddim } from './ddim.js';
export type { DdimOptions } from './ddim.js';
export { ddpmAncestral } from './ddpm-ancestral.js';
export type { DdpmAncestralOptions } from './ddpm-ancestral.js';
export type { MeanGuidance, SamplerOptions } from './run-steps.js';
export { ancestralCoefficients, ddimCoefficients } from './step-coefficients.js';
export type { StepCoefficients } from './step-coefficients.js';
export { timestepGrid } from './timestep-grid.js';
export type { GridStep, TimestepGridOptions, TimestepSpacing } from './timestep-grid.js';
