import { LangevinError } from '@langevin/contracts';

/** A share and its confidence interval. */
export interface Agreement {
  /** Matching labels ÷ count. */
  readonly agreement: number;
  /** Lower end of the interval. */
  readonly lower: number;
  /** Upper end of the interval. */
  readonly upper: number;
  readonly count: number;
}

/**
 * Wilson's score interval of a share (Wilson 1927, p. 209), which stays inside 0 … 1 and holds near both ends.
 *
 * @param z standard normal quantile. @default 1.959964, a 95 % interval
 * @throws LangevinError `invalid_argument` unless 0 ≤ successes ≤ count and count ≥ 1
 */
export function wilsonInterval(successes: number, count: number, z = 1.959964): { lower: number; upper: number } {
  if (!(count >= 1) || !(successes >= 0 && successes <= count)) {
    throw new LangevinError('invalid_argument', `needs 0 ≤ successes ≤ count and count ≥ 1, got ${successes} of ${count}`);
  }
  const share = successes / count;
  const square = z * z;
  const centre = (share + square / (2 * count)) / (1 + square / count);
  const half = (z / (1 + square / count)) * Math.sqrt((share * (1 - share)) / count + square / (4 * count * count));
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

/**
 * Share of samples whose label, by an independent classifier, is the one asked for, with its 95 % Wilson interval.
 *
 * @throws LangevinError `invalid_argument` when lengths differ or there is no label
 */
export function labelAgreement(requested: ArrayLike<number>, classified: ArrayLike<number>): Agreement {
  const count = requested.length;
  if (classified.length !== count) {
    throw new LangevinError('invalid_argument', `${count} requested labels, but ${classified.length} classified`);
  }
  let matches = 0;
  for (let i = 0; i < count; i++) if (requested[i] === classified[i]) matches += 1;
  return { ...wilsonInterval(matches, count), agreement: matches / count, count };
}
