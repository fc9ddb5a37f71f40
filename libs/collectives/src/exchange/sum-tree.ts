import type { Subtree } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import { describeSubtree } from '../subtree.js';
import type { Kernels } from '../vector-arena.js';
import type { BlockSource } from './block-source.js';
import type { BlockFacts, Sums } from './piece-meta.js';

type Node = BlockSource | { readonly left: Node; readonly right: Node };

/** Key of a subtree. */
export const keyOf = ({ first, leaves }: Subtree): string => `${first}+${leaves}`;

/** The additions over the subtrees of a plan, in the order of the tree: that of `TreeReducer`, for one block at a time. */
export class SumTree {
  readonly #sources: readonly BlockSource[];
  readonly #root: Node;

  /** Throws `invalid_argument` unless the sources are a whole tree, no leaf twice. */
  constructor(virtualWorkers: number, sources: ReadonlyMap<string, BlockSource>) {
    this.#sources = [...sources.values()];
    let used = 0;
    const build = (subtree: Subtree): Node => {
      const source = sources.get(keyOf(subtree));
      if (source) {
        used++;
        return source;
      }
      const { first, leaves } = subtree;
      if (leaves === 1) throw new LangevinError('invalid_argument', `nobody computes ${describeSubtree(subtree)}`);
      const half = leaves / 2;
      return { left: build({ first, leaves: half }), right: build({ first: first + half, leaves: half }) };
    };
    this.#root = build({ first: 0, leaves: virtualWorkers });
    if (used !== sources.size) throw new LangevinError('invalid_argument', `the plan counts leaves twice: ${[...sources.keys()].join(', ')}`);
  }

  has(block: number): boolean {
    return this.#sources.every((source) => source.has(block));
  }

  /** The block was reduced: what others have sent of it is needed no more. */
  release(block: number): void {
    for (const source of this.#sources) source.release(block);
  }

  /** The sums of the step, once all are known. */
  sums(): Sums | null {
    const add = (node: Node): Sums | null => {
      if (!('left' in node)) return node.sums;
      const [a, b] = [add(node.left), add(node.right)];
      return a && b && { weightSum: Math.fround(a.weightSum + b.weightSum), lossSum: Math.fround(a.lossSum + b.lossSum) };
    };
    return add(this.#root);
  }

  /** Writes the mean of a block that all sources have; `scratch(i)` is room for a block, used from 0 on. */
  reduce(block: number, into: { readonly out: number; readonly length: number; readonly weightSum: number }, kernels: Kernels, scratch: (index: number) => number): BlockFacts {
    const { out, length, weightSum } = into;
    const load = (node: Node, index: number): number => {
      if (!('left' in node)) return node.load(block, scratch(index));
      const a = load(node.left, index);
      const b = load(node.right, index + 1);
      kernels.addTo(scratch(index), a, b, length);
      return scratch(index);
    };
    // The last additions are made together with what comes after them, while the numbers are in registers.
    const finish = (root: Node): readonly [bigint, number] => {
      if (!('left' in root)) return kernels.finish(out, load(root, 0), length, weightSum);
      const { left, right } = root;
      if ('left' in left && 'left' in right) {
        return kernels.add4Finish(out, load(left.left, 0), load(left.right, 1), load(right.left, 2), load(right.right, 3), length, weightSum);
      }
      return kernels.addFinish(out, load(left, 0), load(right, 1), length, weightSum);
    };
    const [digest, squares] = finish(this.#root);
    return { digest, squares };
  }
}
