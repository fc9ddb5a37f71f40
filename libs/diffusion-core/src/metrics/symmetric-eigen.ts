/** Eigenvalues, and eigenvectors as columns of [n, n]. */
interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Eigen-decomposition of a symmetric matrix [n, n] by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations,
 * §8.5), until every number beside the diagonal is below float64's resolution of the matrix. Eigenvalues are in no order;
 * the matrix is kept.
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = matrix.slice();
  const vectors = a.map((_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const limit = Number.EPSILON * Math.hypot(...Array.from({ length: n }, (_, i) => Math.hypot(...a.subarray(i * n, (i + 1) * n))));
  for (let rotated = true; rotated; ) {
    rotated = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (!(Math.abs(a[p * n + q]!) > limit)) continue;
        rotate(a, vectors, n, p, q);
        rotated = true;
      }
    }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * (n + 1)]!), vectors };
}

/** The rotation of axes p and q that makes a[p, q] zero, by the smaller of its two angles. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const tau = (a[q * n + q]! - a[p * n + p]!) / (2 * a[p * n + q]!);
  const tan = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const cos = 1 / Math.hypot(1, tan);
  const sin = tan * cos;
  turn(a, n, { from: p * n, to: q * n, stride: 1 }, cos, sin);
  turn(a, n, { from: p, to: q, stride: n }, cos, sin);
  turn(vectors, n, { from: p, to: q, stride: n }, cos, sin);
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

function turn(data: Float64Array, n: number, { from, to, stride }: { from: number; to: number; stride: number }, cos: number, sin: number): void {
  for (let k = 0; k < n; k++) {
    const [x, y] = [data[from + k * stride]!, data[to + k * stride]!];
    data[from + k * stride] = cos * x - sin * y;
    data[to + k * stride] = sin * x + cos * y;
  }
}
