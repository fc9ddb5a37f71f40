import { LangevinError } from '@langevin/contracts';
import { pointCount, squaredDistance, type PointSet } from './euclidean.js';

/** Shares from 0 to 1. */
export interface PrecisionRecall {
  /** Share of samples inside the manifold of real points: fidelity. */
  readonly precision: number;
  /** Share of real points inside the manifold of samples: variety. */
  readonly recall: number;
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019, eqs. 1 and 2). The manifold of a set is the union of balls
 * about its points, each up to its k-th nearest neighbour, which it includes. Both are 1 for equal sets. O(N²·D).
 *
 * @param neighbours k of the paper. @default 3
 * @throws LangevinError `invalid_argument` for other dimensions, or no more than k points
 */
export function precisionRecall(real: PointSet, samples: PointSet, neighbours = 3): PrecisionRecall {
  const [m, n] = [pointCount(real), pointCount(samples)];
  if (real.dimensions !== samples.dimensions) throw new LangevinError('invalid_argument', `points of ${real.dimensions} and of ${samples.dimensions} dimensions cannot be compared`);
  if (!Number.isInteger(neighbours) || neighbours < 1) throw new LangevinError('invalid_argument', `neighbours must be a whole number of at least 1, got ${neighbours}`);
  if (Math.min(m, n) <= neighbours) throw new LangevinError('invalid_argument', `${neighbours} neighbours need more than ${neighbours} points of each set, got ${m} and ${n}`);
  return { precision: shareInside(samples, real, neighbours), recall: shareInside(real, samples, neighbours) };
}

function shareInside(queries: PointSet, manifold: PointSet, neighbours: number): number {
  const radii = squaredRadii(manifold, neighbours);
  const count = pointCount(queries);
  let inside = 0;
  for (let i = 0; i < count; i++) {
    if (radii.some((radius, j) => squaredDistance(queries, i, manifold, j, radius) <= radius)) inside += 1;
  }
  return inside / count;
}

/** Squared distance of each point to its k-th nearest other point. */
function squaredRadii(points: PointSet, neighbours: number): Float64Array {
  const count = pointCount(points);
  // Each point is its own nearest, at distance 0: the k-th other is at index k.
  return Float64Array.from({ length: count }, (_, i) => Float64Array.from({ length: count }, (__, j) => squaredDistance(points, i, points, j)).sort()[neighbours]!);
}
