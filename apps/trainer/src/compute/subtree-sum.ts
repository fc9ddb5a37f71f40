import { addPartials, TreeReducer, type PartialSum, type VectorArena } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import type { SubtreeSum } from './protocol.js';

/** The sums of one leaf, as the device gave them, besides its gradient. */
export interface LeafSum {
  readonly weightSum: number;
  readonly lossSum: number;
}

/** Computes the leaves from `first` on, one for each array, and writes the gradient of each, every element, into its array. */
export type LeafSums = (first: number, gradients: readonly Float32Array[]) => readonly LeafSum[];

/**
 * Adds the leaves of one aligned subtree in the order of the tree: the same additions, by the same reducer, that another
 * split of the tree would make.
 * @param arena where the sum is left, in a vector that is the caller's
 * @param leaves how many there are, and how many are computed at the same time; no bit depends on the latter
 * @throws LangevinError `invalid_argument` unless their number is a power of two
 */
export function sumSubtree(arena: VectorArena, leaves: { readonly count: number; readonly atOnce: number }, leafSums: LeafSums): SubtreeSum {
  const { count, atOnce } = leaves;
  const reducer = new TreeReducer<PartialSum>(count, addPartials);
  let root: PartialSum | undefined;
  for (let first = 0; first < count; first += atOnce) {
    const gradients = Array.from({ length: Math.min(atOnce, count - first) }, () => arena.take());
    const sums = leafSums(first, gradients.map(({ floats }) => floats));
    for (const [index, gradient] of gradients.entries()) {
      root = reducer.add({ first: first + index, leaves: 1 }, { gradient, ...sums[index]! }); // One for each gradient.
    }
  }
  if (!root) throw new LangevinError('internal', `${count} leaves did not make a subtree`);
  return { address: root.gradient.address, weightSum: root.weightSum, lossSum: root.lossSum };
}
