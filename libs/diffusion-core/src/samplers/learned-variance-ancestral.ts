import * as tf from '@tensorflow/tfjs-core';
import type { VarianceDenoiser } from '../parameterizations/learned-variance.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { varianceLimits } from '../processes/reverse-variance.js';
import { freshNoise, type SamplerOptions } from './linear-steps.js';
import { sameTime } from './same-time.js';
import { ancestralCoefficients } from './step-coefficients.js';
import type { GridStep } from './timestep-grid.js';
import { runToEnd, walk } from './walk.js';

/**
 * Ancestral sampling with the variance that a network has learned, element by element, between β̃ and β of each step of the grid (Nichol & Dhariwal 2021, eq. 15
 * and §4). The last step, to clean data, adds no noise.
 *
 * @param x [B, …] at the first time of the grid; kept
 * @returns a new tensor shaped like x
 * @throws LangevinError `invalid_argument` for a grid that does not descend, or missing noise
 */
export function learnedVarianceAncestral(
  denoiser: VarianceDenoiser,
  process: GaussianProcess,
  grid: readonly GridStep[],
  x: tf.Tensor,
  options: Pick<SamplerOptions, 'noise' | 'onStep'> = {},
): tf.Tensor {
  const steps = walk(grid, x, (step, index, current) => {
    const c = ancestralCoefficients(process, step, 'fixed_small');
    const { x0, fraction } = denoiser(current, sameTime(x, step.t));
    const mean = tf.add(tf.mul(c.x0, x0), tf.mul(c.x, current));
    if (c.noise === 0) return [mean];
    const { small, large } = varianceLimits(process, step);
    const deviation = tf.exp(tf.mul(0.5, tf.add(Math.log(small), tf.mul(Math.log(large / small), fraction))));
    return [tf.add(mean, tf.mul(deviation, freshNoise(options, index)))];
  });
  return runToEnd(steps, options.onStep);
}
