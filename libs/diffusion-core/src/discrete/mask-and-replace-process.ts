import { LangevinError } from '@langevin/contracts';
import { categoricalProcess, type CategoricalProcess } from './categorical-process.js';

/** The two ends of the levels of VQ-Diffusion, by diffusers' names. */
export interface MaskAndReplaceOptions {
  /** T, at least 2. @default 100 */
  readonly num_train_timesteps?: number;
  /** ᾱ at time 0. @default 0.99999 */
  readonly alpha_cum_start?: number;
  /** ᾱ at time T−1. @default 0.000009 */
  readonly alpha_cum_end?: number;
  /** γ̄ at time 0. @default 0.000009 */
  readonly gamma_cum_start?: number;
  /** γ̄ at time T−1. @default 0.99999 */
  readonly gamma_cum_end?: number;
}

/**
 * VQ-Diffusion's mask-and-replace process (Gu et al. 2022, §4.1): ᾱ falls and γ̄ grows linearly. The defaults are those of its code and of diffusers, where
 * one state in a million is a new draw at every time; the paper's numbers are γ̄ = 0.9 and K·β̄ = 0.1 in the end, that is alpha_cum_end 0, gamma_cum_end 0.9.
 *
 * @param numClasses K, without the mask; diffusers' `num_vec_classes` is K + 1
 * @throws LangevinError `invalid_spec` for fewer than 2 times, or ends that no process has
 */
export function maskAndReplaceProcess(numClasses: number, options: MaskAndReplaceOptions = {}): CategoricalProcess {
  const { num_train_timesteps: steps = 100, alpha_cum_start = 0.99999, alpha_cum_end = 0.000009, gamma_cum_start = 0.000009, gamma_cum_end = 0.99999 } = options;
  if (!Number.isInteger(steps) || steps < 2) throw new LangevinError('invalid_spec', `num_train_timesteps: ${steps} is not a whole number of at least 2`);
  const line = (from: number, to: number) => Float64Array.from({ length: steps }, (_, t) => from + (to - from) * (t / (steps - 1)));
  return categoricalProcess({ numClasses, kept: line(alpha_cum_start, alpha_cum_end), unmasked: line(1 - gamma_cum_start, 1 - gamma_cum_end) });
}
