import * as tf from '@tensorflow/tfjs-core';
import type { Denoiser } from '../parameterizations/denoiser.js';
import { isTabulated } from '../processes/marginal-coefficients.js';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { flowStep, predict, weightedSum, type Prediction } from './flow-step.js';
import { sampler } from './sampler.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OdeOptions } from './walk.js';

/** Options of `pndm`. */
export interface PndmOptions extends OdeOptions {
  /**
   * How ε̂ of the first steps is found: with three steps of Runge & Kutta's method, which ask four times each (PRK: F-PNDM), or with one of Heun's, which asks
   * twice, and fewer values in the next two (diffusers: `skip_prk_steps`). @default 'rungeKutta'
   */
  readonly start?: 'rungeKutta' | 'heun';
}

/** What Adams & Bashforth's method takes, with equal steps of time, of ε̂ of the steps before, newest first; of this step's, what is missing to 1. */
const bashforth = [[-1 / 2], [-16 / 12, 5 / 12], [-59 / 24, 37 / 24, -9 / 24]];

/** Half the way in time; where only whole times are known, the one below. */
function halfway(process: GaussianProcess, { t, tPrev }: GridStep): number {
  const middle = (t + tPrev) / 2;
  return isTabulated(process) ? Math.floor(middle) : middle;
}

/** ε̂ of a step by Runge & Kutta's method of fourth order, less that at its beginning, with `flowStep` in place of a sum (Liu et al. 2022, eq. 13). A new tensor. */
function rungeKuttaBend(denoiser: Denoiser, process: GaussianProcess, x: tf.Tensor, here: Prediction, step: GridStep): tf.Tensor {
  const middle = halfway(process, step);
  const at = (time: number, bend?: tf.Tensor): tf.Tensor => tf.sub(predict(denoiser, process, flowStep(process, x, here.x0, step.t, time, bend), time).eps, here.eps);
  const second = at(middle);
  const third = at(middle, second);
  return weightedSum([[1 / 3, second], [1 / 3, third], [1 / 6, at(step.tPrev, third)]]);
}

/**
 * PNDM (Liu et al. 2022, algorithm 2, F-PNDM) on any grid of any Gaussian process whose steps of time are equal: DDIM's step with an ε̂ that is put together from
 * this step's and three before (PLMS), or within the step (PRK). Of second order, by the authors' theorem, because ε̂ and the way
 * that x takes are not weighted together. Where ε̂ at tPrev is asked for and tPrev is clean, the step is DDIM's.
 *
 * @throws LangevinError `invalid_argument` for a grid that does not descend
 */
export const pndm = sampler<PndmOptions>((denoiser, process, grid, x, { start = 'rungeKutta' }) =>
  walk(grid, x, (step, index, current, memory) => {
    const { t, tPrev } = step;
    const here = predict(denoiser, process, current, t);
    const before = memory.slice(0, 3);
    const bend = (): tf.Tensor | undefined => {
      const asksAhead = process.sigma(tPrev) > 0;
      if (start === 'rungeKutta' && index < 3) return asksAhead ? rungeKuttaBend(denoiser, process, current, here, step) : undefined;
      if (index > 0) return weightedSum(bashforth[before.length - 1]!.map((weight, j) => [weight, tf.sub(before[j]!, here.eps)])); // As many weights as values.
      return asksAhead ? tf.div(tf.sub(predict(denoiser, process, flowStep(process, current, here.x0, t, tPrev), tPrev).eps, here.eps), 2) : undefined;
    };
    return [flowStep(process, current, here.x0, t, tPrev, bend()), here.eps, ...before];
  }),
);
