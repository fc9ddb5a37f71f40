import { planSubtrees, type Subtree } from './plan.js';

const counts = [1, 2, 4, 8, 16, 32, 64].flatMap((workers) => [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 64, 70].map((trainers) => [workers, trainers] as const));

describe('planSubtrees', () => {
  it.each(counts)('gives each of %d leaves to exactly one of %d trainers, in aligned subtrees', (workers, trainers) => {
    const plan = planSubtrees(workers, trainers);
    expect(plan).toHaveLength(trainers);
    const leaves = plan.flat().flatMap(({ first, leaves: count }) => Array.from({ length: count }, (_, index) => first + index));
    expect(leaves.sort((a, b) => a - b)).toEqual(Array.from({ length: workers }, (_, index) => index));
    for (const { first, leaves: count } of plan.flat()) {
      expect(Number.isInteger(Math.log2(count))).toBe(true);
      expect(first % count).toBe(0);
    }
  });

  it.each(counts)('balances %d leaves over %d trainers to within one', (workers, trainers) => {
    const loads = planSubtrees(workers, trainers).map(load);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  });

  it.each(counts)('cuts %d leaves for %d trainers into the fewest subtrees that these loads allow', (workers, trainers) => {
    for (const share of planSubtrees(workers, trainers)) {
      const ones = [...load(share).toString(2)].filter((bit) => bit === '1').length;
      expect(share).toHaveLength(ones);
    }
  });

  it('is known for three trainers', () => {
    expect(planSubtrees(8, 3)).toEqual([
      [{ first: 0, leaves: 2 }, { first: 6, leaves: 1 }],
      [{ first: 2, leaves: 2 }, { first: 7, leaves: 1 }],
      [{ first: 4, leaves: 2 }],
    ]);
  });

  it('leaves trainers beyond the virtual workers without work', () => {
    expect(planSubtrees(2, 3)).toEqual([[{ first: 0, leaves: 1 }], [{ first: 1, leaves: 1 }], []]);
  });

  it('refuses counts that make no tree', () => {
    for (const workers of [0, -4, 6, 0.5, Number.NaN, 2 ** 31]) {
      expect(() => planSubtrees(workers, 1)).toThrow(`virtualWorkers ${workers} is not a power of two`);
    }
    for (const trainers of [0, -1, 1.5]) expect(() => planSubtrees(8, trainers)).toThrow(`trainers ${trainers}: give a whole number`);
  });
});

function load(share: readonly Subtree[]): number {
  return share.reduce((sum, subtree) => sum + subtree.leaves, 0);
}
