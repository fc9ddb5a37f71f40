import { LangevinError } from '@langevin/contracts';
import * as tf from '@tensorflow/tfjs-core';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { exponentialStep, straightStep, type KnownModel } from './exponential-step.js';
import { halfLogSnr } from './noise-ratio.js';
import { sameTime } from './same-time.js';
import { sampler } from './sampler.js';
import { solveLinear } from './solve-linear.js';
import type { GridStep } from './timestep-grid.js';
import { walk, type OdeOptions } from './walk.js';

/** Options of `uniPc`. */
export interface UniPcOptions extends OdeOptions {
  /** p: as many values of x̂₀ are used by the predictor, and one more by the corrector. @default 2 */
  readonly order?: 1 | 2 | 3;
  /** B(h) of the paper: h, or eʰ − 1. Of the same order; `bh1` for few steps without guidance. @default 'bh2' */
  readonly variant?: 'bh1' | 'bh2';
}

/**
 * How much of each difference to the model at the beginning is added, in units of B(h): the order conditions Σₖ ρₖ·rₖⁱ⁻¹ = bᵢ (Zhao et al. 2023, theorem 3.1), or ½ where
 * there is one place, as the authors propose. `at` are the rₖ.
 */
function proportions(at: readonly number[], length: number, size: number): number[] {
  if (at.length === 1) return [0.5];
  let [weight, factorial] = [Math.expm1(length) / length - 1, 1];
  const right = at.map((_, i) => {
    const value = (weight * factorial) / size;
    factorial *= i + 2;
    weight = weight / length - 1 / factorial;
    return value;
  });
  return solveLinear(at.map((_, i) => at.map((place) => place ** i)), right);
}

/** A step with what is known of the model at its beginning and elsewhere: before it for the predictor, at its end too for the corrector. A new tensor. */
function step(process: GaussianProcess, along: GridStep, x: tf.Tensor, begin: tf.Tensor, others: readonly KnownModel[], variant: 'bh1' | 'bh2'): tf.Tensor {
  const exponential = exponentialStep('data', process, along);
  const constant = straightStep(exponential, x, begin);
  if (others.length === 0) return constant;
  const { length, scale } = exponential;
  const size = variant === 'bh1' ? length : Math.expm1(length);
  const parts = proportions(others.map(({ at }) => at), length, size);
  return others.reduce((sum: tf.Tensor, { at, value }, k) => tf.add(sum, tf.mul((-scale * size * parts[k]!) / at, tf.sub(value, begin))), constant); // As many parts.
}

/**
 * UniPC-p (Zhao et al. 2023, algorithms 1 to 3, with x̂₀) on any grid of any Gaussian process: each step is predicted with x̂₀ of this and of p − 1 steps before,
 * and when x̂₀ at its end is known, corrected with that too before the next begins; the corrector asks no more. What is reported of a step, and the end, is the
 * prediction. The first steps are of lower order; towards clean data the order falls to 1, as with `lower_order_final` of diffusers.
 *
 * @throws LangevinError `invalid_argument` for an order that is none of 1, 2 and 3
 */
export const uniPc = sampler<UniPcOptions>((denoiser, process, grid, x, { order = 2, variant = 'bh2' }) => {
  if (order !== 1 && order !== 2 && order !== 3) throw new LangevinError('invalid_argument', `order ${String(order)} is none of 1, 2 and 3`);
  const endsClean = grid.length > 0 && process.sigma(grid.at(-1)!.tPrev) === 0;
  const orderOf = (index: number): number => (endsClean ? Math.min(order, grid.length - index) : order);
  /** Models at the beginnings of the steps before the one at `index`, newest first, in units of that step: as many as there are, and its order asks for. */
  const earlier = (models: readonly tf.Tensor[], index: number): KnownModel[] => {
    const { t, tPrev } = grid[index]!; // One of the grid's steps.
    const [here, there] = [halfLogSnr(process, t), halfLogSnr(process, tPrev)];
    return models.slice(0, orderOf(index) - 1).map((value, back) => ({ value, at: (halfLogSnr(process, grid[index - 1 - back]!.t) - here) / (there - here) }));
  };
  return walk(grid, x, (along, index, predicted, [before, ...models]) => {
    const model = denoiser(predicted, sameTime(x, along.t));
    const [last, ...older] = models;
    // Before the first step there is neither.
    const corrected = last === undefined ? predicted : step(process, grid[index - 1]!, before!, last, [...earlier(older, index - 1), { at: 1, value: model }], variant);
    const next = step(process, along, corrected, model, earlier(models, index), variant);
    return [next, corrected, model, ...models].slice(0, order + 2) as [tf.Tensor, ...tf.Tensor[]]; // `next` at least.
  });
});
