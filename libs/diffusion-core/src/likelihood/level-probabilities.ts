import { LangevinError } from '@langevin/contracts';
import { levelOf, levelValues } from './levels.js';

/**
 * How frequent each level is among these values, with one more of each, so that none is impossible: the π of a `bayes` decoder.
 * @param values data from −1 to 1 whose values are levels
 * @returns as many numbers as levels, which sum to 1
 */
export function levelPrior(values: ArrayLike<number>, levels = 256): Float64Array {
  const counts = new Float64Array(levels).fill(1);
  for (let i = 0; i < values.length; i++) counts[levelOf(values[i]!, levels)]! += 1;
  return counts.map((count) => count / (values.length + levels));
}

/**
 * ln p(level | x_t) of all levels by Bayes' rule from one noisy value: p ∝ π(level)·N(x_t; α·value, σ²) (Kingma et al. 2021, eq. 13, where π is equal
 * for all). Each call overwrites what the one before returned.
 *
 * @param prior π, one number above 0 for each level; divided by their sum. @default all equal
 * @throws LangevinError `invalid_argument` for fewer than two levels, or a π that fits them not
 */
export function levelLogProbabilities(
  { alpha, sigma }: { readonly alpha: number; readonly sigma: number },
  levels: number,
  prior: ArrayLike<number> = new Float64Array(Math.max(levels, 0)).fill(1),
): (x: number) => Float64Array {
  const values = levelValues(levels);
  const weights = Array.from(prior);
  if (weights.length !== levels || !weights.every((weight) => weight > 0)) {
    throw new LangevinError('invalid_argument', `a prior of ${levels} levels has as many numbers above 0, got ${weights.length} of which the least is ${Math.min(...weights)}`);
  }
  const logPrior = weights.map(Math.log);
  const result = new Float64Array(levels);
  return (x) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (let level = 0; level < levels; level++) {
      const offset = (x - alpha * values[level]!) / sigma;
      result[level] = logPrior[level]! - (offset * offset) / 2;
      largest = Math.max(largest, result[level]!);
    }
    // Relative to the largest, so that nothing overflows and not all become 0.
    const total = largest + Math.log(result.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
    for (let level = 0; level < levels; level++) result[level]! -= total;
    return result;
  };
}
