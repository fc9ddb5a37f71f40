import { LangevinError } from '@langevin/contracts';

/**
 * counts[requested][classified]: row sums are the samples asked for, the diagonal those that came out right.
 *
 * @param classes number of classes; labels run from 0 to classes−1
 * @throws LangevinError `invalid_argument` when lengths differ or a label is outside
 */
export function confusionMatrix(requested: ArrayLike<number>, classified: ArrayLike<number>, classes: number): number[][] {
  if (requested.length !== classified.length) {
    throw new LangevinError('invalid_argument', `${requested.length} requested labels, but ${classified.length} classified`);
  }
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < requested.length; i++) {
    const row = counts[requested[i]!];
    const column = classified[i]!;
    if (row?.[column] === undefined) {
      throw new LangevinError('invalid_argument', `sample ${i}: labels ${requested[i]} and ${column} must be 0 … ${classes - 1}`);
    }
    row[column] += 1;
  }
  return counts;
}
