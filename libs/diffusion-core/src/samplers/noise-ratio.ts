import type { GaussianProcess } from '../processes/gaussian-process.js';
import { timeOfLogSnr } from '../processes/time-of-log-snr.js';

/** ρ = σ/α at a time: 0 for clean data; finite also where α is 0, as the process's `logSnr` is. */
export function noiseRatio(process: GaussianProcess, t: number): number {
  return Math.exp(-process.logSnr(t) / 2);
}

/** λ = ln(α/σ) at a time, half of the process's `logSnr`, as the papers on DPM-Solver write it: +∞ for clean data. */
export function halfLogSnr(process: GaussianProcess, t: number): number {
  return process.logSnr(t) / 2;
}

/**
 * The time at which ρ = σ/α of a process in continuous time has this value; its last time for one that is larger by rounding alone.
 *
 * @throws LangevinError `invalid_argument` as `timeOfLogSnr`
 */
export function timeOfRatio(process: GaussianProcess, ratio: number): number {
  const [logSnr, least] = [-2 * Math.log(ratio), process.logSnr(process.tMax)];
  return Math.abs(logSnr - least) < 1e-9 ? process.tMax : timeOfLogSnr(process, logSnr);
}
