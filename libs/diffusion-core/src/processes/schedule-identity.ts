import type { DdpmProcess } from './ddpm-process.js';

/**
 * The numbers that identify a schedule, for hashing elsewhere: α_0 … α_{T−1}, then σ_0 … σ_{T−1}, as float32. Two
 * models may guide each other only if these are equal. Independent of how the schedule was written down.
 */
export function scheduleIdentity(process: DdpmProcess): Float32Array {
  const steps = process.numTrainTimesteps;
  return Float32Array.from({ length: 2 * steps }, (_, i) => (i < steps ? process.alpha(i) : process.sigma(i - steps)));
}
