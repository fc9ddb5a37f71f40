import { LangevinError } from '@langevin/contracts';
import { pointCount, type PointSet } from './euclidean.js';

/**
 * Mean and covariance of points that come in parts, in float64: `add` is Welford's recurrence (Welford 1962), `merge` is
 * eq. 2.1 of Chan, Golub & LeVeque 1983. Any split of the points, over batches or workers, gives the same up to rounding.
 */
export class FeatureMoments {
  readonly dimensions: number;
  /** [dimensions] */
  readonly mean: Float64Array;
  /** Σ (x − mean)(x − mean)ᵀ, [dimensions, dimensions]. */
  readonly #scatter: Float64Array;
  #count = 0;

  /** @throws LangevinError `invalid_argument` unless dimensions is a whole number of at least 1 */
  constructor(dimensions: number) {
    if (!Number.isInteger(dimensions) || dimensions < 1) throw new LangevinError('invalid_argument', `dimensions must be a whole number of at least 1, got ${dimensions}`);
    this.dimensions = dimensions;
    this.mean = new Float64Array(dimensions);
    this.#scatter = new Float64Array(dimensions * dimensions);
  }

  /** Moments of all points of a set. */
  static of(points: PointSet): FeatureMoments {
    const moments = new FeatureMoments(points.dimensions);
    moments.add(points);
    return moments;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes more points in. @throws LangevinError `invalid_argument` for other dimensions, or a number that is not finite */
  add(points: PointSet): void {
    this.#requireDimensions(points.dimensions);
    const count = pointCount(points);
    const at = points.data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new LangevinError('invalid_argument', `feature ${at % this.dimensions} of point ${Math.floor(at / this.dimensions)} is ${points.data[at]}`);
    for (let i = 0; i < count; i++) this.#take(Float64Array.from(points.data.subarray(i * this.dimensions, (i + 1) * this.dimensions)), 1);
  }

  /** Takes in all points of another; that one is kept. @throws LangevinError `invalid_argument` for other dimensions */
  merge(other: FeatureMoments): void {
    this.#requireDimensions(other.dimensions);
    if (other.count === 0) return;
    const scatter = other.#scatter.slice();
    this.#take(other.mean, other.count);
    for (let i = 0; i < scatter.length; i++) this.#scatter[i]! += scatter[i]!;
  }

  /** Covariance, [dimensions, dimensions], divided by count − 1. @throws LangevinError `invalid_argument` for fewer than two points */
  covariance(): Float64Array {
    if (this.#count < 2) throw new LangevinError('invalid_argument', `a covariance needs two points, got ${this.#count}`);
    return this.#scatter.map((value) => value / (this.#count - 1));
  }

  /** Takes in `count` points at one place. */
  #take(point: Float64Array, count: number): void {
    const total = this.#count + count;
    const shift = point.map((value, d) => value - this.mean[d]!);
    const weight = (this.#count * count) / total;
    for (let a = 0; a < this.dimensions; a++) {
      this.mean[a]! += (shift[a]! * count) / total;
      for (let b = 0; b < this.dimensions; b++) this.#scatter[a * this.dimensions + b]! += weight * shift[a]! * shift[b]!;
    }
    this.#count = total;
  }

  #requireDimensions(dimensions: number): void {
    if (dimensions !== this.dimensions) throw new LangevinError('invalid_argument', `needs points of ${this.dimensions} dimensions, got ${dimensions}`);
  }
}
