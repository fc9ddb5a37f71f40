export { betaSchedule } from './beta-schedule.js';
export type { BetaScheduleConfig } from './beta-schedule.js';
export { ddpmProcess } from './ddpm-process.js';
export type { DdpmProcess, VarianceType } from './ddpm-process.js';
export type { GaussianProcess } from './gaussian-process.js';
export { marginalCoefficients } from './marginal-coefficients.js';
export type { MarginalCoefficients } from './marginal-coefficients.js';
export { requireSameSchedule } from './schedule-difference.js';
export { scheduleIdentity } from './schedule-identity.js';
