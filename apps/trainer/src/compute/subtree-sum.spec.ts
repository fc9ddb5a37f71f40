import { VectorArena } from '@langevin/collectives';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { sumSubtree, type LeafSum } from './subtree-sum.js';

const length = 37;
/** Leaves of very different sizes, so that the order of additions shows in the bits. */
const leaves: readonly (LeafSum & { readonly gradient: Float32Array })[] = Array.from({ length: 8 }, (_, index) => ({
  gradient: new PhiloxStream({ seed: 11, purpose: 'noise', sample: index }).fillNormal(new Float32Array(length)).map((value) => value * 10 ** (index % 5)),
  weightSum: index === 3 ? 1 : 2,
  lossSum: Math.fround(0.1 * 7 ** index),
}));

/** Halves first, each addition rounded to float32. */
function treeSum(first: number, count: number): LeafSum & { readonly gradient: Float32Array } {
  if (count === 1) return leaves[first]!;
  const [left, right] = [treeSum(first, count / 2), treeSum(first + count / 2, count / 2)];
  return {
    gradient: left.gradient.map((value, i) => Math.fround(value + right.gradient[i]!)),
    weightSum: Math.fround(left.weightSum + right.weightSum),
    lossSum: Math.fround(left.lossSum + right.lossSum),
  };
}

/** Gives the sums of a leaf, and its gradient into the array that it is handed. */
const giving = (leafOf: (index: number) => (typeof leaves)[number]) => (index: number, into: Float32Array): LeafSum => {
  const { gradient, ...sums } = leafOf(index);
  into.set(gradient);
  return sums;
};

const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);

describe('sumSubtree', () => {
  it.each([1, 2, 4, 8])('adds %i leaves in the order of the tree, bit for bit', (count) => {
    const arena = new VectorArena(length);
    const sum = sumSubtree(arena, count, giving((index) => leaves[index]!));
    const expected = treeSum(0, count);
    expect(floats(sum.gradient)).toEqual(expected.gradient);
    expect([sum.weightSum, sum.lossSum]).toEqual([expected.weightSum, expected.lossSum]);
    expect(arena.taken).toBe(0);
  });

  it('would give other bits one leaf after the other', () => {
    const inOrder = leaves.slice(1).reduce((sum, leaf) => sum.map((value, i) => Math.fround(value + leaf.gradient[i]!)), leaves[0]!.gradient);
    expect(inOrder).not.toEqual(treeSum(0, 8).gradient);
  });

  it('computes a leaf when those before it have been added: memory grows with the depth of the tree', () => {
    const arena = new VectorArena(length);
    const taken: number[] = [];
    sumSubtree(
      arena,
      8,
      giving((index) => {
        taken.push(arena.taken);
        return leaves[index]!;
      }),
    );
    // The leaf itself, and the sums before it that wait.
    expect(taken).toEqual([1, 2, 2, 3, 2, 3, 3, 4]);
  });

  it('keeps the leaves as they were, and gives bytes that the next sum does not change', () => {
    const arena = new VectorArena(length);
    const before = leaves[0]!.gradient.slice();
    const first = sumSubtree(arena, 2, giving((index) => leaves[index]!));
    const copy = first.gradient.slice();
    sumSubtree(arena, 2, giving((index) => leaves[index + 2]!));
    expect(first.gradient).toEqual(copy);
    expect(leaves[0]!.gradient).toEqual(before);
  });

  it.each([0, 3, 6, 1.5])('refuses %d leaves: they make no subtree', (count) => {
    expect(() => sumSubtree(new VectorArena(length), count, giving((index) => leaves[index]!))).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
