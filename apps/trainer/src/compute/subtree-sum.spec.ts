import { VectorArena } from '@langevin/collectives';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { sumSubtree, type LeafSum, type LeafSums } from './subtree-sum.js';

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

/** Gives the sums of leaves, and the gradient of each into the array that it is handed. */
const giving =
  (leafOf: (index: number) => (typeof leaves)[number]): LeafSums =>
  (first, gradients) =>
    gradients.map((into, index) => {
      const { gradient, ...sums } = leafOf(first + index);
      into.set(gradient);
      return sums;
    });

describe('sumSubtree', () => {
  it.each([1, 2, 4, 8].flatMap((count) => [1, 2, 3, 16].map((atOnce) => [count, atOnce] as const)))('adds %i leaves, %i at a time, in the order of the tree, bit for bit', (count, atOnce) => {
    const arena = new VectorArena(length);
    const sum = sumSubtree(arena, { count, atOnce }, giving((index) => leaves[index]!));
    const expected = treeSum(0, count);
    const gradient = arena.vectorAt(sum.address);
    expect(gradient.floats).toEqual(expected.gradient);
    expect([sum.weightSum, sum.lossSum]).toEqual([expected.weightSum, expected.lossSum]);
    // The sum is the caller's, the leaves are freed.
    expect(arena.taken).toBe(1);
    gradient.free();
    expect(arena.taken).toBe(0);
  });

  it('would give other bits one leaf after the other', () => {
    const inOrder = leaves.slice(1).reduce((sum, leaf) => sum.map((value, i) => Math.fround(value + leaf.gradient[i]!)), leaves[0]!.gradient);
    expect(inOrder).not.toEqual(treeSum(0, 8).gradient);
  });

  it.each([
    // The leaves themselves, and the sums before them that wait.
    [1, [1, 2, 2, 3, 2, 3, 3, 4]],
    [2, [2, 2, 3, 3, 3, 3, 4, 4]],
  ])('computes leaves, %i at a time, when those before them have been added: memory grows with the depth of the tree', (atOnce, expected) => {
    const arena = new VectorArena(length);
    const taken: number[] = [];
    sumSubtree(
      arena,
      { count: 8, atOnce },
      giving((index) => {
        taken.push(arena.taken);
        return leaves[index]!;
      }),
    );
    expect(taken).toEqual(expected);
  });

  it('keeps the leaves as they were, and gives a vector that the next sum does not change', () => {
    const arena = new VectorArena(length);
    const before = leaves[0]!.gradient.slice();
    const first = sumSubtree(arena, { count: 2, atOnce: 1 }, giving((index) => leaves[index]!));
    const { floats } = arena.vectorAt(first.address);
    const copy = Float32Array.from(floats);
    sumSubtree(arena, { count: 2, atOnce: 1 }, giving((index) => leaves[index + 2]!));
    expect(floats).toEqual(copy);
    expect(leaves[0]!.gradient).toEqual(before);
  });

  it.each([0, 3, 6, 1.5])('refuses %d leaves: they make no subtree', (count) => {
    expect(() => sumSubtree(new VectorArena(length), { count, atOnce: 1 }, giving((index) => leaves[index]!))).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
