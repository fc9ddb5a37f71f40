import { LangevinError } from '@langevin/contracts';
import { pointCount, type PointSet } from './euclidean.js';
import { polynomialKernel, type Kernel } from './kernel.js';
import { squaredMmd } from './maximum-mean-discrepancy.js';

/** An estimate and its standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * Kernel distance of two sets of features: the mean of the unbiased squared MMD over blocks, with the kernel
 * (xᵀy/D + 1)³ (KID of Bińkowski et al. 2018, §4, when the features are Inception's). Blocks share no point (point i is
 * in block i mod blocks), so that they are independent and their spread gives the error.
 *
 * @param blocks at least 2, with two points of each set in every block. @default 10
 * @throws LangevinError `invalid_argument` for other dimensions or too few points
 */
export function kernelDistance(a: PointSet, b: PointSet, options: { readonly blocks?: number; readonly kernel?: Kernel } = {}): Estimate {
  const { blocks = 10, kernel = polynomialKernel(a.dimensions) } = options;
  if (!Number.isInteger(blocks) || blocks < 2) throw new LangevinError('invalid_argument', `blocks must be a whole number of at least 2, got ${blocks}`);
  const [m, n] = [pointCount(a), pointCount(b)];
  if (Math.min(m, n) < 2 * blocks) {
    throw new LangevinError('invalid_argument', `${blocks} blocks need ${2 * blocks} points of each set, got ${m} and ${n}`);
  }
  const values = Array.from({ length: blocks }, (_, block) => squaredMmd(everyNth(a, block, blocks), everyNth(b, block, blocks), kernel));
  const value = values.reduce((sum, each) => sum + each, 0) / blocks;
  const scatter = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  return { value, standardError: Math.sqrt(scatter / (blocks * (blocks - 1))) };
}

function everyNth({ data, dimensions }: PointSet, first: number, stride: number): PointSet {
  return { dimensions, data: data.filter((_, i) => Math.floor(i / dimensions) % stride === first) };
}
