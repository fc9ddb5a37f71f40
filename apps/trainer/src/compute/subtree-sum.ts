import { addPartials, TreeReducer, type PartialSum, type VectorArena } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import type { SubtreeSum } from './protocol.js';

/** The sums of one leaf, as the device gave them, besides its gradient. */
export interface LeafSum {
  readonly weightSum: number;
  readonly lossSum: number;
}

/**
 * Adds the leaves of one aligned subtree in the order of the tree: the same additions, by the same reducer, that another
 * split of the tree would make.
 * @param leafSum computes a leaf and writes its gradient, every element, into the array it is given; a leaf is computed when the one before it has been added
 * @throws LangevinError `invalid_argument` unless their number is a power of two
 */
export function sumSubtree(arena: VectorArena, count: number, leafSum: (index: number, gradient: Float32Array) => LeafSum): SubtreeSum {
  if (count === 1) return onlyLeaf(arena.length, leafSum);
  const reducer = new TreeReducer<PartialSum>(count, addPartials);
  let root: PartialSum | undefined;
  for (let index = 0; index < count; index++) {
    const gradient = arena.take();
    root = reducer.add({ first: index, leaves: 1 }, { gradient, ...leafSum(index, gradient.floats) });
  }
  if (!root) throw new LangevinError('internal', `${count} leaves did not make a subtree`);
  const sum = { gradient: root.gradient.bytes.slice(), weightSum: root.weightSum, lossSum: root.lossSum };
  root.gradient.free();
  return sum;
}

/** Nothing is added: the gradient goes where the caller gets it, past the memory of the reducer. */
function onlyLeaf(length: number, leafSum: (index: number, gradient: Float32Array) => LeafSum): SubtreeSum {
  const gradient = new Float32Array(length);
  const { weightSum, lossSum } = leafSum(0, gradient);
  return { gradient: new Uint8Array(gradient.buffer), weightSum, lossSum };
}
