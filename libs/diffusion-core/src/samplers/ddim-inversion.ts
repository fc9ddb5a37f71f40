import { LangevinError } from '@langevin/contracts';
import type * as tf from '@tensorflow/tfjs-core';
import { predict, weightedSum } from './flow-step.js';
import { sampler } from './sampler.js';
import { checkGrid, takeSteps, type OdeOptions } from './walk.js';

/** Options of `ddimInversion`. */
export interface DdimInversionOptions extends OdeOptions {
  /** How often each step is solved again with the noise that is predicted where it has led: the more, the closer `ddim` leads back. @default 0 */
  readonly refinements?: number;
}

/**
 * DDIM backwards, from data to the noise that `ddim` would make them of (Song, Meng & Ermon 2021, §4.3 and 5.4): the grid is that of `ddim`, and is walked from
 * its last tPrev up to its first t. A step from s to t needs the noise that is predicted at t, of an x_t that is not known yet: it is taken from x_s, as diffusers'
 * `DDIMInverseScheduler` does, and from each x_t found so far for every refinement. Of first order without refinements; with many, where the steps are short
 * enough, the exact inverse of `ddim`.
 *
 * @param x [B, …] at the last tPrev, which may be clean; kept
 * @returns a new tensor shaped like x, at the first t
 * @throws LangevinError `invalid_argument` unless refinements is a whole number of at least 0
 */
export const ddimInversion = sampler<DdimInversionOptions>((denoiser, process, grid, x, { refinements = 0 }) => {
  if (!Number.isInteger(refinements) || refinements < 0) throw new LangevinError('invalid_argument', `refinements ${refinements} is not a whole number of at least 0`);
  checkGrid(grid);
  return takeSteps([...grid].reverse(), x, ({ t, tPrev }, _, current) => {
    let guess: tf.Tensor = current;
    for (let round = 0; round <= refinements; round++) {
      const { eps } = predict(denoiser, process, guess, t);
      const ratio = process.alpha(t) / process.alpha(tPrev);
      guess = weightedSum([[ratio, current], [process.sigma(t) - ratio * process.sigma(tPrev), eps]]);
    }
    return [guess];
  });
});
