import { LangevinError } from '@langevin/contracts';

/**
 * −ln (1/K)·Σ e^(−natsₖ) of each sample: the importance-weighted bound of K weights, each an e^(−nats) whose mean is the likelihood (Burda et al. 2016,
 * eq. 8). At most the mean of the nats, and on average it falls with K towards −ln p.
 *
 * @param nats K arrays of one number for each sample
 * @throws LangevinError `invalid_argument` for none
 */
export function importanceWeightedNats(nats: readonly ArrayLike<number>[]): Float64Array {
  const [first] = nats;
  if (first === undefined) throw new LangevinError('invalid_argument', 'an importance-weighted bound needs a weight or more');
  return Float64Array.from(first, (_, sample) => {
    const all = nats.map((values) => values[sample]!); // As many samples each.
    const least = Math.min(...all);
    return least - Math.log(all.reduce((sum, value) => sum + Math.exp(least - value), 0) / all.length);
  });
}
