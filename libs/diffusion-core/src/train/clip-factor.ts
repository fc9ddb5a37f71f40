import { LangevinError } from '@langevin/contracts';

/**
 * Factor that clips a gradient to a global norm: min(1, maxNorm/(norm + 1e-6)), as PyTorch's clip_grad_norm_ (Pascanu
 * et al. 2013, algorithm 1). `norm` is the Euclidean norm of the whole flat gradient after the division by the sum of
 * weights. A float32 value.
 *
 * @throws LangevinError `non_finite` when the norm is NaN or infinite; `invalid_argument` when maxNorm is not positive
 */
export function clipFactor(norm: number, maxNorm: number): number {
  if (!(maxNorm > 0)) throw new LangevinError('invalid_argument', `the clip norm must be positive, got ${maxNorm}`);
  if (!Number.isFinite(norm)) {
    throw new LangevinError('non_finite', `the gradient norm is ${norm}: lower the learning rate or look at the data`);
  }
  return Math.fround(Math.min(1, maxNorm / (norm + 1e-6)));
}
