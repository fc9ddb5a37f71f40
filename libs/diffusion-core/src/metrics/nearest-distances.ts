import { LangevinError } from '@langevin/contracts';
import { pointCount, squaredDistance, type PointSet } from './euclidean.js';

/**
 * Euclidean distance of each query to its nearest reference point, exactly. Generated samples against training images:
 * distances far below those of held-out images mean that the model recites. References are read in blocks that stay in
 * the processor's cache; the block size does not change the result.
 *
 * @param blockPoints references a block. @default 64
 * @throws LangevinError `invalid_argument` when there is no reference or dimensions differ
 */
export function nearestDistances(queries: PointSet, references: PointSet, blockPoints = 64): Float32Array {
  const [queryCount, referenceCount] = [pointCount(queries), pointCount(references)];
  if (queries.dimensions !== references.dimensions || referenceCount === 0) {
    throw new LangevinError(
      'invalid_argument',
      `needs references of ${queries.dimensions} dimensions, got ${referenceCount} of ${references.dimensions}`,
    );
  }
  if (!(blockPoints >= 1)) throw new LangevinError('invalid_argument', `blockPoints must be at least 1, got ${blockPoints}`);
  const nearest = new Float64Array(queryCount).fill(Number.POSITIVE_INFINITY);
  for (let begin = 0; begin < referenceCount; begin += blockPoints) {
    const end = Math.min(begin + blockPoints, referenceCount);
    for (let i = 0; i < queryCount; i++) {
      for (let j = begin; j < end; j++) {
        const squared = squaredDistance(queries, i, references, j, nearest[i]);
        if (squared < nearest[i]!) nearest[i] = squared;
      }
    }
  }
  return Float32Array.from(nearest, Math.sqrt);
}
