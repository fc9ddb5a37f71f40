import { categoricalProcess, type CategoricalProcess } from './categorical-process.js';
import { linearSurvival } from './survival.js';

/**
 * D3PM's uniform process (Austin et al. 2021, appendix A.2.1; multinomial diffusion, Hoogeboom et al. 2021, eq. 11): with probability 1 − ᾱ the state is a
 * new draw among the K.
 *
 * @param survival ᾱ of each time, such as `cosineSurvival(1000)`
 * @throws LangevinError `invalid_spec` for levels that do not fall from 1, or are 0 before the last time
 */
export function uniformProcess(numClasses: number, survival: ArrayLike<number>): CategoricalProcess {
  return categoricalProcess({ numClasses, kept: survival });
}

/**
 * D3PM's absorbing process (Austin et al. 2021, appendix A.2.2): with probability 1 − ᾱ the state is masked. Its usual levels are `linearSurvival(T)`.
 *
 * @param survival ᾱ of each time
 * @throws LangevinError `invalid_spec`, as `uniformProcess`
 */
export function absorbingProcess(numClasses: number, survival: ArrayLike<number>): CategoricalProcess {
  return categoricalProcess({ numClasses, kept: survival, unmasked: survival });
}

/**
 * The binomial process of Sohl-Dickstein et al. (2015), table 1: q(x_t | x_{t−1}) = B(x_t; x_{t−1}(1 − β_t) + β_t/2) with β_t = 1/(T − t + 1): a bit is drawn
 * anew with probability β_t, so that it is `uniformProcess` of two states.
 *
 * @param steps T
 * @throws LangevinError `invalid_spec` unless T is a whole number of at least 1
 */
export function binomialProcess(steps: number): CategoricalProcess {
  return uniformProcess(2, linearSurvival(steps));
}
