import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { exponentialStep, exponentialWeights, midpointBend, type ExponentialStep, type KnownModel } from './exponential-step.js';
import { flowStep, predict } from './flow-step.js';
import { halfLogSnr } from './noise-ratio.js';
import { sampler } from './sampler.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OdeOptions, type SamplerSteps, type Stepped } from './walk.js';

/** Options of the singlestep solvers. */
export interface SinglestepOptions extends OdeOptions {
  /** How many steps of the grid, and calls of the denoiser, make one step of the solver. @default 3 */
  readonly order?: 1 | 2 | 3;
}

/** What is added for the slope from the beginning to the last place, which makes the third order where that place is ⅔ (Lu et al. 2022a, algorithm 2). A new tensor. */
function slopeBend({ scale, length }: ExponentialStep, begin: tf.Tensor, last: KnownModel): tf.Tensor {
  return tf.mul((-scale * exponentialWeights(length)[1]) / last.at, tf.sub(last.value, begin));
}

/** Every step of the solver begins anew, from x there, and passes all places of the grid within it. */
function singlestep(form: 'data' | 'noise', order: number, denoiser: Denoiser, process: GaussianProcess, grid: readonly GridStep[], x: tf.Tensor): SamplerSteps {
  if (order !== 1 && order !== 2 && order !== 3) throw new LangevinError('invalid_argument', `order ${order} is none of 1, 2 and 3`);
  return walk(grid, x, ({ t, tPrev }, index, current, memory): Stepped => {
    const { x0, eps } = predict(denoiser, process, current, t);
    const straight = flowStep(process, current, x0, t, tPrev);
    if (process.sigma(tPrev) === 0) return [straight];
    const model = form === 'data' ? x0 : eps;
    const passed = index % order;
    if (passed === 0) return [straight, current, x0, model];
    const [from, firstX0, first] = memory as [tf.Tensor, tf.Tensor, tf.Tensor];
    const start = grid[index - passed]!.t; // Where this step of the solver began.
    const [begin, here, end] = [start, t, tPrev].map((time) => halfLogSnr(process, time)) as [number, number, number];
    const [exponential, last] = [exponentialStep(form, process, { t: start, tPrev }), { at: (here - begin) / (end - begin), value: model }];
    const bend = passed === 1 ? midpointBend(exponential, first, last) : slopeBend(exponential, first, last);
    return [tf.add(flowStep(process, from, firstX0, start, tPrev), bend), ...memory];
  });
}

/**
 * DPM-Solver of order 1 to 3, singlestep (Lu et al. 2022a, eq. 3.7 and algorithms 1 and 2), on any grid of any Gaussian process: `order` steps of the grid make
 * one step of the solver, with ε̂ at each of them, so that the denoiser is asked once a step of the grid; x between them is a solution of lower order. Full
 * order needs steps that are equal in λ = ln(α/σ), or come to that as they become short. A step to σ = 0 is DDIM's.
 *
 * @throws LangevinError `invalid_argument` for an order that is none of 1, 2 and 3
 */
export const dpmSolver = sampler<SinglestepOptions>((denoiser, process, grid, x, { order = 3 }) => singlestep('noise', order, denoiser, process, grid, x));

/**
 * DPM-Solver++ of order 1 to 3, singlestep (Lu et al. 2022b, algorithm 1: 2S; 3S in their code): as `dpmSolver`, with x̂₀ in place of ε̂.
 *
 * @throws LangevinError `invalid_argument` for an order that is none of 1, 2 and 3
 */
export const dpmSolverPpSinglestep = sampler<SinglestepOptions>((denoiser, process, grid, x, { order = 3 }) => singlestep('data', order, denoiser, process, grid, x));
