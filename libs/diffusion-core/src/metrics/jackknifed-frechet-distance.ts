import { LangevinError } from '@langevin/contracts';
import { FeatureMoments } from './feature-moments.js';
import { frechetDistance } from './frechet-distance.js';
import type { Estimate } from './kernel-distance.js';

/**
 * Fréchet distance of all samples, with its standard error by the jackknife that leaves out one part of each set at a
 * time (Efron & Tibshirani 1993, eq. 11.5, with parts for points). The parts of a set should be equally large and chosen at random.
 *
 * @param a parts of the one set; as many as of the other, at least 2
 * @throws LangevinError `invalid_argument` for other numbers of parts, and as `frechetDistance`, also without a part
 */
export function jackknifedFrechetDistance(a: readonly FeatureMoments[], b: readonly FeatureMoments[]): Estimate {
  const parts = a.length;
  if (parts < 2 || b.length !== parts) throw new LangevinError('invalid_argument', `needs two parts or more, as many of each set, got ${parts} and ${b.length}`);
  const without = a.map((_, left) => frechetDistance(merged(a.filter((__, i) => i !== left)), merged(b.filter((__, i) => i !== left))));
  const mean = without.reduce((sum, each) => sum + each, 0) / parts;
  const scatter = without.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { value: frechetDistance(merged(a), merged(b)), standardError: Math.sqrt(((parts - 1) / parts) * scatter) };
}

function merged(parts: readonly FeatureMoments[]): FeatureMoments {
  const whole = new FeatureMoments(parts[0]!.dimensions);
  for (const part of parts) whole.merge(part);
  return whole;
}
