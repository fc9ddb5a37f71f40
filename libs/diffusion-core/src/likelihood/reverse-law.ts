import { LangevinError } from '@langevin/contracts';
import type { VarianceType } from '../processes/ddpm-process.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { varianceLimits } from '../processes/reverse-variance.js';
import type { GridStep } from '../samplers/timestep-grid.js';

/** q(x_s | x_t, x₀) of a step t → s, normal with the mean gain·x₀ + keep·x_t and the variance β̃; and p(x_s | x_t), with x̂₀ in the place of x₀. */
export interface ReverseLaw {
  readonly gain: number;
  readonly keep: number;
  /** β̃. */
  readonly small: number;
  /** ln(Σ/β̃) of p, where Σ is learned as such a fraction, or else fixed. */
  readonly logRatioAt: (fraction?: number) => number;
}

/**
 * The laws of a step between noise levels (Ho et al. 2020, eq. 6–7; Nichol & Dhariwal 2021, eq. 15).
 * @throws LangevinError `invalid_argument` for a step that does not lead to less noise, or to none
 */
export function reverseLaw(process: GaussianProcess, step: GridStep, varianceType: VarianceType = 'fixed_small'): ReverseLaw {
  const { t, tPrev } = step;
  if (!(t > tPrev && process.sigma(tPrev) > 0)) throw new LangevinError('invalid_argument', `the step from ${t} to ${tPrev} is none between noise levels, from more to less noise`);
  const { small, large } = varianceLimits(process, step);
  const [alphaPrev, sigma2] = [process.alpha(tPrev), process.sigma(t) * process.sigma(t)];
  const spread = Math.log(large / small);
  return {
    gain: (alphaPrev * large) / sigma2,
    keep: ((process.alpha(t) / alphaPrev) * process.sigma(tPrev) * process.sigma(tPrev)) / sigma2,
    small,
    logRatioAt: (fraction = varianceType === 'fixed_large' ? 1 : 0) => fraction * spread,
  };
}
