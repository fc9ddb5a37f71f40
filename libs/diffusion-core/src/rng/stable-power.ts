import { LangevinError } from '@langevin/contracts';

const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;

/** ln x of a finite x ≥ 1 from + − × ÷ alone; relative error below 1e-14. */
function stableLog(x: number): number {
  let m = x;
  let k = 0;
  while (m > SQRT2) {
    m /= 2;
    k += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 0;
  for (let odd = 21; odd >= 1; odd -= 2) series = series * z + 1 / odd;
  return k * LN2 + 2 * s * series;
}

/** e^y of any y ≤ 0 from + − × ÷ alone, with the same bits on every platform; relative error below 1e-13. */
export function stableExp(y: number): number {
  const halvings = Math.floor(-y / LN2);
  const r = y + halvings * LN2;
  let value = 1;
  for (let n = 18; n >= 1; n--) value = 1 + (value * r) / n;
  for (let i = 0; i < halvings && value > 0; i++) value /= 2;
  return value;
}

/**
 * base^(−exponent) with the same bits on every platform, which Math.pow does not promise.
 *
 * @param base finite, at least 1
 * @param exponent finite, at least 0
 * @returns a number in [0, 1], relative error below 1e-12
 * @throws LangevinError `invalid_argument` outside these ranges
 */
export function stableInversePower(base: number, exponent: number): number {
  if (!Number.isFinite(base) || base < 1 || !Number.isFinite(exponent) || exponent < 0) {
    throw new LangevinError('invalid_argument', `needs base ≥ 1 and exponent ≥ 0, both finite; got ${base} and ${exponent}`);
  }
  return stableExp(-exponent * stableLog(base));
}

/**
 * base^n for a whole n ≥ 0 by repeated squaring: the same bits on every platform.
 *
 * @throws LangevinError `invalid_argument` when n is negative or not whole
 */
export function stableIntegerPower(base: number, n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new LangevinError('invalid_argument', `the exponent must be a whole number of at least 0, got ${n}`);
  }
  let result = 1;
  let square = base;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
