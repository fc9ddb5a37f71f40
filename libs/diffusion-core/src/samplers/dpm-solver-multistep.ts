import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { exponentialStep, exponentialWeights, midpointBend, straightStep, type ExponentialStep, type KnownModel, type SolverForm } from './exponential-step.js';
import { weightedSum } from './flow-step.js';
import { freshNoise, type SamplerOptions } from './linear-steps.js';
import { halfLogSnr } from './noise-ratio.js';
import { sameTime } from './same-time.js';
import { sampler } from './sampler.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OdeOptions, type SamplerSteps } from './walk.js';

/** What is added for the parabola through the model here and at the two places before, by Newton's divided differences. A new tensor. */
function parabolaBend({ scale, length }: ExponentialStep, begin: tf.Tensor, [before, first]: readonly [KnownModel, KnownModel]): tf.Tensor {
  const [, linear, quadratic] = exponentialWeights(length);
  const near = tf.div(tf.sub(before.value, begin), before.at);
  const halfCurve = tf.div(tf.sub(tf.div(tf.sub(first.value, before.value), first.at - before.at), near), first.at);
  return weightedSum([
    [-scale * linear, tf.sub(near, tf.mul(before.at, halfCurve))],
    [-2 * scale * quadratic, halfCurve],
  ]);
}

/** As many models as the order has, this step's and those before; fewer in the first steps, one alone in a step to clean data. */
function multistep(form: Exclude<SolverForm, 'noise'>, order: 2 | 3, denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor, options: Pick<SamplerOptions, 'noise'>): SamplerSteps {
  return walk(grid, x, (step, index, current, memory) => {
    const exponential = exponentialStep(form, process, step);
    const models = [denoiser(current, sameTime(x, step.t)), ...memory].slice(0, order);
    const here = halfLogSnr(process, step.t);
    const h = halfLogSnr(process, step.tPrev) - here;
    const [before, first] = models.slice(1).map((value, back) => ({ value, at: (halfLogSnr(process, grid[index - back - 1]!.t) - here) / h })); // As many as steps were taken.
    const straight = straightStep(exponential, current, models[0]!);
    const bend = () => (first === undefined ? midpointBend(exponential, models[0]!, before!) : parabolaBend(exponential, models[0]!, [before!, first]));
    const mean = before === undefined || h === Number.POSITIVE_INFINITY ? straight : tf.add(straight, bend());
    const next = exponential.noise === 0 ? mean : tf.add(mean, tf.mul(exponential.noise, freshNoise(options, index)));
    return [next, ...models.slice(0, order - 1)];
  });
}

/**
 * DPM-Solver++(2M), of second order, multistep (Lu et al. 2022b, algorithm 2), on any grid of any Gaussian process: each step is DDIM's with an x̂₀
 * that is extrapolated from this step's and the one before. The denoiser is asked once a step. The first step and the one to σ = 0 are
 * DDIM's (`lower_order_final` of diffusers).
 */
export const dpmSolverPp2M = sampler<OdeOptions>((denoiser, process, grid, x) => multistep('data', 2, denoiser, process, grid, x, {}));

/**
 * DPM-Solver++(3M): as 2M, with the parabola through x̂₀ of this step and of two before, whose exponential integral is exact. Of third order after its two
 * first steps; the code of its authors and diffusers' take half of the second derivative, which makes theirs one of second order.
 */
export const dpmSolverPp3M = sampler<OdeOptions>((denoiser, process, grid, x) => multistep('data', 3, denoiser, process, grid, x, {}));

/**
 * SDE-DPM-Solver++(2M) on the reverse SDE (Lu et al. 2022b): the noise is that of DDIM with η = 1, x̂₀ as in 2M.
 *
 * @throws LangevinError `invalid_argument` for missing noise
 */
export const sdeDpmSolverPp2M = sampler<Pick<SamplerOptions, 'noise' | 'onStep'>>((denoiser, process, grid, x, options) => multistep('sde', 2, denoiser, process, grid, x, options));
