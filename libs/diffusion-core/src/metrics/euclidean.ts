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

/** Squared Euclidean distance of point i of a and point j of b; both indices must exist. */
export function squaredDistance(a: PointSet, i: number, b: PointSet, j: number): number {
  const { dimensions } = a;
  const [offsetA, offsetB] = [i * dimensions, j * dimensions];
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const difference = a.data[offsetA + d]! - b.data[offsetB + d]!;
    sum += difference * difference;
  }
  return sum;
}
