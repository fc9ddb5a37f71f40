import { LangevinError } from '@langevin/contracts';

/** k(x, y) of two points, as a function of xᵀy, |x|² and |y|². */
export type Kernel = (dot: number, squareX: number, squareY: number) => number;

/** exp(−|x − y|² / (2·bandwidth²)). @throws LangevinError `invalid_argument` unless bandwidth > 0 */
export function rbfKernel(bandwidth: number): Kernel {
  if (!(bandwidth > 0)) throw new LangevinError('invalid_argument', `bandwidth must be above 0, got ${bandwidth}`);
  return (dot, squareX, squareY) => Math.exp((2 * dot - squareX - squareY) / (2 * bandwidth * bandwidth));
}

/**
 * (xᵀy/D + 1)^degree: with degree 3 the kernel of KID (Bińkowski et al. 2018, §4).
 *
 * @throws LangevinError `invalid_argument` unless dimensions ≥ 1 and degree is a whole number of at least 1
 */
export function polynomialKernel(dimensions: number, degree = 3): Kernel {
  if (!(dimensions >= 1)) throw new LangevinError('invalid_argument', `dimensions must be at least 1, got ${dimensions}`);
  if (!Number.isInteger(degree) || degree < 1) throw new LangevinError('invalid_argument', `degree must be a whole number of at least 1, got ${degree}`);
  return (dot) => (dot / dimensions + 1) ** degree;
}
