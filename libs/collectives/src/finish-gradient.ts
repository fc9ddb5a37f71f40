import { LangevinError } from '@langevin/contracts';
import { globalNorm } from './global-norm.js';
import type { PartialSum } from './partial-sum.js';
import type { Vector } from './vector-arena.js';

/** The gradient that a step applies. */
export interface FinishedGradient {
  /** Σ gradient / Σ weight, clipped. It is the partial sum's vector, changed in place. */
  readonly gradient: Vector;
  /** Euclidean norm of the mean gradient before clipping, float64. NaN or infinite exactly when `isFinite` is false. */
  readonly norm: number;
  /** Σ loss / Σ weight, float32. */
  readonly loss: number;
  /** False when an element is NaN or infinite. The gradient is then not clipped and must not be applied. */
  readonly isFinite: boolean;
}

/**
 * Turns the sums of a whole step into the gradient to apply: divides each element once by the sum of weights and, where the
 * norm exceeds clipNorm, multiplies each by float32(clipNorm / norm).
 * Throws `invalid_argument` when the sum of weights is not a positive finite number, or clipNorm is not positive.
 */
export function finishGradient(sum: PartialSum, clipNorm?: number): FinishedGradient {
  const { gradient, weightSum, lossSum } = sum;
  if (!(weightSum > 0 && Number.isFinite(weightSum))) {
    throw new LangevinError('invalid_argument', `cannot divide a gradient by the weight ${weightSum}: the step holds no real sample`);
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new LangevinError('invalid_argument', `clipNorm is ${clipNorm}: it must be positive, or left out`);
  }
  const { kernels, length } = gradient.arena;
  kernels.divide(gradient.address, length, weightSum);
  const norm = globalNorm(gradient);
  const isFinite = Number.isFinite(norm);
  if (isFinite && clipNorm !== undefined && norm > clipNorm) {
    kernels.scale(gradient.address, length, Math.fround(clipNorm / norm));
  }
  return { gradient, norm, loss: Math.fround(lossSum / weightSum), isFinite };
}
