import { LangevinError } from '@langevin/contracts';

/** Points as rows of one array: `data.length` is a multiple of `dimensions`. */
export interface PointSet {
  readonly data: Float32Array;
  readonly dimensions: number;
}

/** Number of points. @throws LangevinError `invalid_argument` when the data is no whole number of rows */
export function pointCount({ data, dimensions }: PointSet): number {
  const count = data.length / dimensions;
  if (dimensions >= 1 && Number.isInteger(count)) return count;
  throw new LangevinError('invalid_argument', `${data.length} numbers are no whole number of points of ${dimensions} dimensions`);
}

/** Numbers that are added between two looks at the limit. */
const stride = 64;

/**
 * Squared Euclidean distance of point i of a and point j of b; both indices must exist. Where it exceeds `limit`, some
 * number above `limit` that took less work.
 */
export function squaredDistance(a: PointSet, i: number, b: PointSet, j: number, limit = Number.POSITIVE_INFINITY): number {
  const { dimensions, data: dataA } = a;
  const { data: dataB } = b;
  const [offsetA, offsetB] = [i * dimensions, j * dimensions];
  let sum = 0;
  for (let begin = 0; begin < dimensions && sum <= limit; begin += stride) {
    const end = Math.min(begin + stride, dimensions);
    for (let d = begin; d < end; d++) {
      const difference = dataA[offsetA + d]! - dataB[offsetB + d]!;
      sum += difference * difference;
    }
  }
  return sum;
}
