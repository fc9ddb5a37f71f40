import { LangevinError } from '@langevin/contracts';
import { pointCount, type PointSet } from './euclidean.js';
import type { Kernel } from './kernel.js';

/**
 * Unbiased estimate of the squared maximum mean discrepancy (Gretton et al. 2012, eq. 3): mean of k over pairs of
 * different points of each set, less twice its mean over pairs across. Its mean is 0 for equal distributions, so that it
 * takes both signs. O((m + n)²·D).
 *
 * @throws LangevinError `invalid_argument` for other dimensions or fewer than two points
 */
export function squaredMmd(a: PointSet, b: PointSet, kernel: Kernel): number {
  const [m, n] = [pointCount(a), pointCount(b)];
  if (a.dimensions !== b.dimensions) throw new LangevinError('invalid_argument', `points of ${a.dimensions} and of ${b.dimensions} dimensions cannot be compared`);
  if (Math.min(m, n) < 2) throw new LangevinError('invalid_argument', `the unbiased MMD needs two points of each set, got ${m} and ${n}`);
  return withinMean(a, m, kernel) + withinMean(b, n, kernel) - 2 * acrossMean(a, b, kernel);
}

function withinMean(points: PointSet, count: number, kernel: Kernel): number {
  const squares = squaredNorms(points, count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) sum += kernel(dotProduct(points, i, points, j), squares[i]!, squares[j]!);
  }
  return (2 * sum) / (count * (count - 1));
}

function acrossMean(a: PointSet, b: PointSet, kernel: Kernel): number {
  const [m, n] = [pointCount(a), pointCount(b)];
  const [squaresA, squaresB] = [squaredNorms(a, m), squaredNorms(b, n)];
  let sum = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) sum += kernel(dotProduct(a, i, b, j), squaresA[i]!, squaresB[j]!);
  }
  return sum / (m * n);
}

function squaredNorms(points: PointSet, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => dotProduct(points, i, points, i));
}

function dotProduct(a: PointSet, i: number, b: PointSet, j: number): number {
  const { dimensions } = a;
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += a.data[i * dimensions + d]! * b.data[j * dimensions + d]!;
  return sum;
}
