import { LangevinError } from '@langevin/contracts';
import { checkSubtree, checkVirtualWorkers, describeSubtree } from './subtree.js';
import type { Subtree } from '@langevin/cluster-core';

/** Adds the right subtree's value to the left one's; it may reuse the memory of either. */
export type Combine<Value> = (left: Value, right: Value) => Value;

/**
 * Sums values over the complete binary tree of the virtual workers: the value of (first, leaves) is that of
 * (first, leaves / 2) plus that of (first + leaves / 2, leaves / 2). Finished subtrees arrive in any order and of any
 * size; the additions, and so the bits of the result, are the same. No leaf is ever counted twice.
 */
export class TreeReducer<Value> {
  readonly virtualWorkers: number;
  readonly #combine: Combine<Value>;
  /** Finished, not yet combined; keyed by first leaf. */
  readonly #pending = new Map<number, { readonly leaves: number; readonly value: Value }>();
  readonly #covered: Uint8Array;

  /** Throws `invalid_argument` unless virtualWorkers is a power of two. */
  constructor(virtualWorkers: number, combine: Combine<Value>) {
    checkVirtualWorkers(virtualWorkers);
    this.virtualWorkers = virtualWorkers;
    this.#combine = combine;
    this.#covered = new Uint8Array(virtualWorkers);
  }

  /**
   * Takes over the value of a finished subtree and makes every addition that it allows. Returns the value of the whole
   * tree once nothing is missing. Throws `invalid_argument`, and changes nothing, for a subtree that is misaligned, outside
   * the tree, or holds a leaf that was already added.
   */
  add(subtree: Subtree, value: Value): Value | undefined {
    checkSubtree(subtree, this.virtualWorkers);
    const { first, leaves } = subtree;
    const again = this.#covered.subarray(first, first + leaves).indexOf(1);
    if (again >= 0) {
      throw new LangevinError('invalid_argument', `${describeSubtree(subtree)} would count leaf ${first + again} twice`);
    }
    this.#covered.fill(1, first, first + leaves);
    return this.#climb(first, leaves, value);
  }

  /** The leaves that no added subtree holds, in order. */
  missingLeaves(): number[] {
    return [...this.#covered.keys()].filter((leaf) => this.#covered[leaf] === 0);
  }

  #climb(first: number, leaves: number, value: Value): Value | undefined {
    while (leaves < this.virtualWorkers) {
      const isLeft = first % (2 * leaves) === 0;
      const siblingFirst = isLeft ? first + leaves : first - leaves;
      const sibling = this.#pending.get(siblingFirst);
      if (sibling?.leaves !== leaves) {
        this.#pending.set(first, { leaves, value });
        return undefined;
      }
      this.#pending.delete(siblingFirst);
      value = isLeft ? this.#combine(value, sibling.value) : this.#combine(sibling.value, value);
      first = Math.min(first, siblingFirst);
      leaves *= 2;
    }
    return value;
  }
}
