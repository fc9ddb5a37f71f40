import { LangevinError } from '@langevin/contracts';
import type { PhiloxStream } from '../rng/philox-stream.js';
import { pointCount, type PointSet } from './euclidean.js';

/**
 * Squared 2-Wasserstein distance of two sets of numbers, exactly: ∫₀¹ (F⁻¹(u) − G⁻¹(u))² du of the empirical quantile
 * functions, for sets of any two sizes. The inputs are kept.
 *
 * @throws LangevinError `invalid_argument` when a set is empty
 */
export function squaredWasserstein1d(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0) throw new LangevinError('invalid_argument', `needs numbers in both sets, got ${a.length} and ${b.length}`);
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  const [m, n] = [x.length, y.length];
  let sum = 0;
  // u·m·n runs over whole numbers at every step of both quantile functions.
  for (let i = 0, j = 0, at = 0; at < m * n; ) {
    const next = Math.min((i + 1) * n, (j + 1) * m);
    sum += (next - at) * (x[i]! - y[j]!) ** 2;
    at = next;
    if (at === (i + 1) * n) i += 1;
    if (at === (j + 1) * m) j += 1;
  }
  return sum / (m * n);
}

/**
 * Squared sliced 2-Wasserstein distance (Bonneel et al. 2015, def. 2): the mean of the exact distance along `directions`
 * directions, which are drawn uniformly from the sphere.
 *
 * @throws LangevinError `invalid_argument` for other dimensions, an empty set, or no direction
 */
export function squaredSlicedWasserstein(a: PointSet, b: PointSet, directions: number, random: PhiloxStream): number {
  if (a.dimensions !== b.dimensions) throw new LangevinError('invalid_argument', `points of ${a.dimensions} and of ${b.dimensions} dimensions cannot be compared`);
  if (!Number.isInteger(directions) || directions < 1) throw new LangevinError('invalid_argument', `directions must be a whole number of at least 1, got ${directions}`);
  let sum = 0;
  for (let i = 0; i < directions; i++) {
    const direction = random.fillNormal(new Float32Array(a.dimensions));
    const length = Math.hypot(...direction);
    sum += squaredWasserstein1d(along(a, direction), along(b, direction)) / length ** 2;
  }
  return sum / directions;
}

/** xᵀdirection of each point x. */
function along(points: PointSet, direction: Float32Array): Float64Array {
  const { dimensions, data } = points;
  return Float64Array.from({ length: pointCount(points) }, (_, i) => direction.reduce((sum, value, d) => sum + value * data[i * dimensions + d]!, 0));
}
