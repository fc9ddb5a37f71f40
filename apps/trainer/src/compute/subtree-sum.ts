import { addPartials, TreeReducer, type PartialSum, type VectorArena } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import type { SubtreeSum } from './protocol.js';

/** The sums of one leaf, as the device gave them. */
export interface LeafSum {
  readonly gradient: Float32Array;
  readonly weightSum: number;
  readonly lossSum: number;
}

/**
 * Adds the leaves of one aligned subtree in the order of the tree: the same additions, by the same reducer, that another
 * split of the tree would make.
 * @param leaves one at a time: a leaf is computed when the one before it has been added
 * @throws LangevinError `invalid_argument` unless their number is a power of two
 */
export function sumSubtree(arena: VectorArena, count: number, leafSum: (index: number) => LeafSum): SubtreeSum {
  const reducer = new TreeReducer<PartialSum>(count, addPartials);
  let root: PartialSum | undefined;
  for (let index = 0; index < count; index++) {
    const { gradient, weightSum, lossSum } = leafSum(index);
    root = reducer.add({ first: index, leaves: 1 }, { gradient: arena.takeCopy(gradient), weightSum, lossSum });
  }
  if (!root) throw new LangevinError('internal', `${count} leaves did not make a subtree`);
  const sum = { gradient: root.gradient.bytes.slice(), weightSum: root.weightSum, lossSum: root.lossSum };
  root.gradient.free();
  return sum;
}
