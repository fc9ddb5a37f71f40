/**
 * Logarithm, sine and cosine from + − × ÷ and a square root alone. IEEE 754 fixes the result of those to the last
 * bit; it does not fix Math.log, Math.sin or Math.cos, which differ between versions of V8.
 */

const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;
const RADIANS_PER_UNIT = 1.4629180792671596e-9; // 2π / 2³²

/** 2^k for k = 0 … 32, by doubling: `**` is one of the functions that differ between versions. */
const powersOfTwo = new Float64Array(33).fill(1);
for (let k = 1; k <= 32; k++) powersOfTwo[k] = 2 * powersOfTwo[k - 1]!;

/**
 * ln((x + ½) / 2³²) of an unsigned 32-bit integer x: the logarithm of a uniform number in the open interval (0, 1).
 * Relative error below 1e-15.
 */
export function logUniform(x: number): number {
  // 2x+1 = m·2^k with 1 ≤ m < 2; then ln m = 2 artanh(s), s = (m−1)/(m+1), |s| ≤ 0.172.
  let k = 32 - Math.clz32(x);
  let m = (2 * x + 1) / powersOfTwo[k]!;
  if (m > SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 1 / 21;
  series = series * z + 1 / 19;
  series = series * z + 1 / 17;
  series = series * z + 1 / 15;
  series = series * z + 1 / 13;
  series = series * z + 1 / 11;
  series = series * z + 1 / 9;
  series = series * z + 1 / 7;
  series = series * z + 1 / 5;
  series = series * z + 1 / 3;
  series = series * z + 1;
  return (k - 33) * LN2 + 2 * s * series;
}

/** sin θ for |θ| ≤ π/4 (Taylor, θ¹⁵; truncation below 5e-17). */
function sinReduced(theta: number): number {
  const z = theta * theta;
  let series = -1 / 1307674368000;
  series = series * z + 1 / 6227020800;
  series = series * z - 1 / 39916800;
  series = series * z + 1 / 362880;
  series = series * z - 1 / 5040;
  series = series * z + 1 / 120;
  series = series * z - 1 / 6;
  return theta + theta * z * series;
}

/** cos θ for |θ| ≤ π/4 (Taylor, θ¹⁶; truncation below 3e-18). */
function cosReduced(theta: number): number {
  const z = theta * theta;
  let series = 1 / 20922789888000;
  series = series * z - 1 / 87178291200;
  series = series * z + 1 / 479001600;
  series = series * z - 1 / 3628800;
  series = series * z + 1 / 40320;
  series = series * z - 1 / 720;
  series = series * z + 1 / 24;
  series = series * z - 1 / 2;
  return 1 + z * series;
}

/** cos θ for 0 ≤ θ ≤ π/2. Absolute error below 1e-15. */
export function cosFirstQuadrant(theta: number): number {
  return theta <= Math.PI / 4 ? cosReduced(theta) : sinReduced(Math.PI / 2 - theta);
}

/** cos(2π·y / 2³²) of an unsigned 32-bit integer y. Absolute error below 1e-15. */
export function cosTurn(y: number): number {
  const quadrant = ((y + 0x20000000) >>> 30) & 3;
  const theta = ((y - (quadrant << 30)) | 0) * RADIANS_PER_UNIT;
  const value = (quadrant & 1) === 0 ? cosReduced(theta) : sinReduced(theta);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** sin(2π·y / 2³²) of an unsigned 32-bit integer y. Absolute error below 1e-15. */
export function sinTurn(y: number): number {
  return cosTurn((y - 0x40000000) >>> 0);
}
