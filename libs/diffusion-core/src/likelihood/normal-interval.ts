/** e^(x²)·erfc(x) for x ≥ 0; relative error below 1e-13. */
function scaledErfc(x: number): number {
  if (x < 2) {
    // erf x = 2x/√π·e^(−x²)·Σ (2x²)ⁿ/(2n+1)!!, whose terms are all positive.
    let [term, sum] = [x, x];
    for (let n = 1; term > sum * 1e-17; n++) sum += term *= (2 * x * x) / (2 * n + 1);
    return Math.exp(x * x) - (2 / Math.sqrt(Math.PI)) * sum;
  }
  // Laplace's continued fraction, from its far end.
  let tail = x;
  for (let n = 80; n >= 1; n--) tail = x + n / 2 / tail;
  return 1 / (tail * Math.sqrt(Math.PI));
}

/**
 * ln(Φ(b) − Φ(a)): the logarithm of the probability that a standard normal number lies between a < b, either of which may be infinite. Finite also far
 * out, where the probability itself is 0 in float64.
 */
export function logNormalInterval(a: number, b: number): number {
  // The tail to the right is the one that is small where a ≥ 0.
  if (a + b < 0) return logNormalInterval(-b, -a);
  if (a <= 0) return Math.log1p(-(upperTail(b) + upperTail(-a)));
  const [near, far] = [scaledErfc(a / Math.SQRT2), b === Number.POSITIVE_INFINITY ? 0 : scaledErfc(b / Math.SQRT2) * Math.exp(((a - b) * (a + b)) / 2)];
  return Math.log((near - far) / 2) - (a * a) / 2;
}

/** 1 − Φ(x) for x ≥ 0. */
function upperTail(x: number): number {
  return x === Number.POSITIVE_INFINITY ? 0 : (scaledErfc(x / Math.SQRT2) * Math.exp(-(x * x) / 2)) / 2;
}
