import * as tf from '@tensorflow/tfjs-core';
import { rk45, type Rk45Options } from '../likelihood/rk45.js';
import { flowStep, predict } from './flow-step.js';
import { noiseRatio, timeOfRatio } from './noise-ratio.js';
import { sameTime } from './same-time.js';
import { sampler } from './sampler.js';
import { walk, type OdeOptions } from './walk.js';

/** Options of `probabilityFlow`. */
export interface ProbabilityFlowOptions extends OdeOptions, Rk45Options {
  /** Told after each step how often it has asked the denoiser. */
  readonly onEvaluations?: (count: number, stepIndex: number) => void;
}

/**
 * The probability flow from one time of a grid to the next by `rk45`, with steps of its own between them that are as long as the tolerances allow (Song et al. 2021, §4.3), for
 * any Gaussian process in continuous time: d(x/α)/dρ = ε̂ over ρ = σ/α. A step to σ = 0 is Euler's, which is DDIM's: let it begin at a small noise.
 *
 * @throws LangevinError `invalid_argument` for tolerances that allow no step, when the steps do not suffice, and for a process that is known at whole times only
 * (`interpolatedProcess` makes one in continuous time of it); `non_finite` where x is not
 */
export const probabilityFlow = sampler<ProbabilityFlowOptions>((denoiser, process, grid, x, { onEvaluations, rtol, atol, maxSteps }) => {
  const tolerances = { ...(rtol !== undefined && { rtol }), ...(atol !== undefined && { atol }), ...(maxSteps !== undefined && { maxSteps }) };
  return walk(grid, x, ({ t, tPrev }, index, current) => {
    if (process.sigma(tPrev) === 0) {
      onEvaluations?.(1, index);
      return [flowStep(process, current, denoiser(current, sameTime(x, t)), t, tPrev)];
    }
    const slope = (ratio: number, [z]: readonly tf.Tensor[]): tf.Tensor[] => {
      const time = timeOfRatio(process, ratio);
      return [tf.tidy(() => predict(denoiser, process, tf.mul(process.alpha(time), z!), time).eps)];
    };
    const { y, evaluations } = rk45(slope, [noiseRatio(process, t), noiseRatio(process, tPrev)], [tf.div(current, process.alpha(t))], tolerances);
    onEvaluations?.(evaluations, index);
    return [tf.mul(process.alpha(tPrev), y[0]!)];
  });
});
