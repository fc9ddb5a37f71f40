import fc from 'fast-check';
import { planSubtrees, shareLeaves } from '@langevin/cluster-core';
import type { Subtree } from '@langevin/cluster-core';
import { TreeReducer } from './tree-reducer.js';

const seed = 20262;
const addFloats = (left: number, right: number) => Math.fround(left + right);

/** The sum as the definition has it. */
function treeSum(leaves: readonly number[]): number {
  if (leaves.length === 1) return leaves[0] ?? 0;
  const half = leaves.length / 2;
  return addFloats(treeSum(leaves.slice(0, half)), treeSum(leaves.slice(half)));
}

const valueOf = (leaves: readonly number[], { first, leaves: count }: Subtree) => treeSum(leaves.slice(first, first + count));

describe('TreeReducer', () => {
  it('writes the additions of a tree in one way, whatever the order of arrival', () => {
    const reducer = new TreeReducer<string>(4, (left, right) => `(${left}+${right})`);
    expect([3, 0, 2].map((leaf) => reducer.add({ first: leaf, leaves: 1 }, String(leaf)))).toEqual([undefined, undefined, undefined]);
    expect(reducer.missingLeaves()).toEqual([1]);
    expect(reducer.add({ first: 1, leaves: 1 }, '1')).toBe('((0+1)+(2+3))');
    expect(reducer.missingLeaves()).toEqual([]);
  });

  it('gives the same bits for every number of trainers up to the number of leaves and every order of arrival', () => {
    const plans = fc.integer({ min: 0, max: 6 }).chain((log) => {
      const virtualWorkers = 2 ** log;
      const leaves = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, max: 2 ** 60, min: -(2 ** 60) }), { minLength: virtualWorkers, maxLength: virtualWorkers });
      const subtrees = fc
        .integer({ min: 1, max: virtualWorkers })
        .map((trainers) => planSubtrees(shareLeaves(virtualWorkers, new Array<number>(trainers).fill(1))).flat())
        .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
      return fc.record({ virtualWorkers: fc.constant(virtualWorkers), leaves, subtrees });
    });
    fc.assert(
      fc.property(plans, ({ virtualWorkers, leaves, subtrees }) => {
        const reducer = new TreeReducer(virtualWorkers, addFloats);
        const results = subtrees.map((subtree) => reducer.add(subtree, valueOf(leaves, subtree)));
        expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true);
        expect(Object.is(results.at(-1), treeSum(leaves))).toBe(true);
      }),
      { seed, numRuns: 300 },
    );
  });

  it.each<[string, Subtree, RegExp]>([
    ['the same subtree', { first: 2, leaves: 2 }, /leaves 2\+2 would count leaf 2 twice/],
    ['a part of it', { first: 3, leaves: 1 }, /count leaf 3 twice/],
    ['a subtree around it', { first: 0, leaves: 4 }, /count leaf 2 twice/],
    ['a misaligned subtree', { first: 5, leaves: 2 }, /leaves 5\+2 is no subtree of 8/],
    ['a size that is no power of two', { first: 0, leaves: 3 }, /no subtree/],
    ['an empty subtree', { first: 0, leaves: 0 }, /no subtree/],
    ['a subtree outside the tree', { first: 8, leaves: 1 }, /no subtree/],
    ['a negative leaf', { first: -1, leaves: 1 }, /no subtree/],
  ])('refuses %s and goes on as if nothing had happened', (_what, subtree, message) => {
    const reducer = new TreeReducer(8, addFloats);
    reducer.add({ first: 2, leaves: 2 }, 5);
    expect(() => reducer.add(subtree, 100)).toThrow(expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(message) }));
    reducer.add({ first: 0, leaves: 2 }, 1);
    expect(reducer.add({ first: 4, leaves: 4 }, 2)).toBe(8);
  });

  it('refuses to count on after the tree is complete', () => {
    const reducer = new TreeReducer(1, addFloats);
    expect(reducer.add({ first: 0, leaves: 1 }, 7)).toBe(7);
    expect(() => reducer.add({ first: 0, leaves: 1 }, 7)).toThrow(/twice/);
  });

  it('refuses a tree whose size is no power of two', () => {
    expect(() => new TreeReducer(6, addFloats)).toThrow(/virtualWorkers is 6/);
  });
});
