import { LangevinError } from '@langevin/contracts';
import type { FeatureMoments } from './feature-moments.js';
import { symmetricEigen } from './symmetric-eigen.js';

/**
 * Squared Fréchet distance of the Gaussians with the moments of two sets of features (Dowson & Landau 1982, eq. 4; Heusel
 * et al. 2017, eq. 6): |μ₁ − μ₂|² + Tr(C₁ + C₂ − 2·(C₁^½·C₂·C₁^½)^½). At least 0 but for rounding. Of finite samples it is
 * too large by a term in 1/N (Bińkowski et al. 2018): compare only equal N. It is "FID" for Inception's features alone;
 * name the extractor beside the number.
 *
 * @throws LangevinError `invalid_argument` for other dimensions, or no more samples than dimensions: their covariance is singular
 */
export function frechetDistance(a: FeatureMoments, b: FeatureMoments): number {
  const { dimensions } = a;
  if (b.dimensions !== dimensions) throw new LangevinError('invalid_argument', `features of ${dimensions} and of ${b.dimensions} dimensions cannot be compared`);
  const least = Math.min(a.count, b.count);
  if (least <= dimensions) {
    throw new LangevinError('invalid_argument', `a Fréchet distance of ${dimensions} features needs more than ${dimensions} samples of each set, got ${a.count} and ${b.count}`);
  }
  const shift = a.mean.reduce((sum, value, d) => sum + (value - b.mean[d]!) ** 2, 0);
  return shift + covarianceTerm(a.covariance(), b.covariance(), dimensions);
}

/** Tr(A + B − 2·(A^½·B·A^½)^½). */
function covarianceTerm(a: Float64Array, b: Float64Array, n: number): number {
  const root = squareRoot(a, n);
  const { values } = symmetricEigen(product(product(root, b, n), root, n), n);
  return trace(a, n) + trace(b, n) - 2 * values.reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
}

function squareRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  // V·diag(λ^¼) times its transpose.
  const half = vectors.map((value, i) => value * Math.max(values[i % n]!, 0) ** 0.25);
  return product(half, half.map((_, i) => half[(i % n) * n + Math.floor(i / n)]!), n);
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      for (let j = 0; j < n; j++) out[i * n + j]! += a[i * n + k]! * b[k * n + j]!;
    }
  }
  return out;
}

function trace(matrix: Float64Array, n: number): number {
  return matrix.reduce((sum, value, i) => (i % (n + 1) === 0 ? sum + value : sum), 0);
}
