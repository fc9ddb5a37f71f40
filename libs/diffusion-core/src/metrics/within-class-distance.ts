import { LangevinError } from '@langevin/contracts';
import { pointCount, squaredDistance, type PointSet } from './euclidean.js';

/**
 * Mean Euclidean distance over all unordered pairs of points that share a label, every pair counting once: a measure of
 * diversity. Near 0 when a model draws one prototype a class. Exact, O(n²·D) within a class.
 *
 * @throws LangevinError `invalid_argument` when lengths differ or no class has two points
 */
export function meanWithinClassDistance(points: PointSet, labels: ArrayLike<number>): number {
  const count = pointCount(points);
  if (labels.length !== count) {
    throw new LangevinError('invalid_argument', `${count} points need as many labels, got ${labels.length}`);
  }
  let [sum, pairs] = [0, 0];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      if (labels[i] !== labels[j]) continue;
      sum += Math.sqrt(squaredDistance(points, i, points, j));
      pairs += 1;
    }
  }
  if (pairs === 0) throw new LangevinError('invalid_argument', 'no class has two points: there is no distance to average');
  return sum / pairs;
}
