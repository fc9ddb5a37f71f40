import { LangevinError } from '@langevin/contracts';

/** One of several that stands for others: Σ weight·f(index) over the draws is, on average, Σ f(index) over all. */
export interface WeightedDraw {
  readonly index: number;
  readonly weight: number;
}

/**
 * Draws of an index, each with its probability, evenly spread: the numbers (u + i)/count go through the inverse of the distribution function (systematic
 * sampling; for equal probabilities the low-discrepancy times of Kingma et al. 2021, appendix I.1). Each index is drawn count·p times on average over u.
 *
 * @param probabilities of the indices from 0 on; positive where f is not 0; divided by their sum
 * @param u in [0, 1)
 * @throws LangevinError `invalid_argument` for a probability that is none, or where all are 0
 */
export function systematicDraws(probabilities: ArrayLike<number>, count: number, u: number): WeightedDraw[] {
  const all = Array.from(probabilities, (p, index) => ({ index, p }));
  const total = all.reduce((sum, { p }) => sum + p, 0);
  if (!all.every(({ p }) => p >= 0) || !(total > 0 && total < Number.POSITIVE_INFINITY)) {
    throw new LangevinError('invalid_argument', 'probabilities must be numbers of at least 0 with a finite sum above 0');
  }
  // What has the probability 0 is never drawn, however a sum is rounded.
  const possible = all.filter(({ p }) => p > 0);
  let place = 0;
  let reached = possible[0]!.p; // One at least is above 0.
  return Array.from({ length: count }, (_, i) => {
    for (const target = ((u + i) / count) * total; reached <= target && place < possible.length - 1; ) reached += possible[(place += 1)]!.p;
    const { index, p } = possible[place]!;
    return { index, weight: total / (count * p) };
  });
}
