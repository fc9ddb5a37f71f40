import fc from 'fast-check';
import { planSubtrees, shareLeaves, type Subtree } from './plan.js';

const counts = [1, 2, 4, 8, 16, 32, 64].flatMap((workers) => [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 64, 70].map((trainers) => [workers, trainers] as const));
const equal = (workers: number, trainers: number) => planSubtrees(shareLeaves(workers, new Array<number>(trainers).fill(10)));

describe('planSubtrees', () => {
  it.each(counts)('gives each of %d leaves to exactly one of %d trainers, in aligned subtrees', (workers, trainers) => {
    const plan = equal(workers, trainers);
    expect(plan).toHaveLength(trainers);
    const leaves = plan.flat().flatMap(({ first, leaves: count }) => Array.from({ length: count }, (_, index) => first + index));
    expect(leaves.sort((a, b) => a - b)).toEqual(Array.from({ length: workers }, (_, index) => index));
    for (const { first, leaves: count } of plan.flat()) {
      expect(Number.isInteger(Math.log2(count))).toBe(true);
      expect(first % count).toBe(0);
    }
  });

  it.each(counts)('balances %d leaves over %d equal trainers to within one', (workers, trainers) => {
    const loads = equal(workers, trainers).map(load);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
  });

  it.each(counts)('cuts %d leaves for %d trainers into the fewest subtrees that these loads allow', (workers, trainers) => {
    for (const share of equal(workers, trainers)) {
      const ones = [...load(share).toString(2)].filter((bit) => bit === '1').length;
      expect(share).toHaveLength(ones === 1 && load(share) === 0 ? 0 : ones);
    }
  });

  it('is known for three trainers', () => {
    expect(planSubtrees([3, 3, 2])).toEqual([
      [{ first: 0, leaves: 2 }, { first: 6, leaves: 1 }],
      [{ first: 2, leaves: 2 }, { first: 7, leaves: 1 }],
      [{ first: 4, leaves: 2 }],
    ]);
  });

  it('refuses loads that make no tree', () => {
    expect(() => planSubtrees([3, 3])).toThrow('virtualWorkers 6 is not a power of two');
    expect(() => planSubtrees([1.5, 0.5])).toThrow('each must be a whole number of leaves');
    expect(() => planSubtrees([-1, 2])).toThrow('each must be a whole number of leaves');
  });
});

describe('shareLeaves', () => {
  it('leaves trainers beyond the virtual workers without work', () => {
    expect(shareLeaves(2, [10, 10, 10])).toEqual([1, 1, 0]);
  });

  it('lets the slowest be done as soon as can be', () => {
    const shape = fc.record({ workers: fc.constantFrom(1, 2, 4, 8, 16), leafMs: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }) });
    const property = fc.property(shape, ({ workers, leafMs }) => {
      const loads = shareLeaves(workers, leafMs);
      expect(loads.reduce((sum, one) => sum + one, 0)).toBe(workers);
      expect(slowest(loads, leafMs)).toBe(best(workers, leafMs));
    });
    fc.assert(property, { seed: 7, numRuns: 200 });
  });

  it('takes a thousand trainers no longer than it should', () => {
    const leafMs = Array.from({ length: 1000 }, (_, index) => 5 + (index % 7));
    const loads = shareLeaves(4096, leafMs);
    expect(loads.reduce((sum, one) => sum + one, 0)).toBe(4096);
    expect(slowest(loads, leafMs)).toBeLessThan(1.35 * (4096 / leafMs.reduce((sum, ms) => sum + 1 / ms, 0)));
  });

  it('refuses what makes no tree', () => {
    for (const workers of [0, -4, 6, 0.5, Number.NaN, 2 ** 31]) expect(() => shareLeaves(workers, [1])).toThrow(`virtualWorkers ${workers} is not a power of two`);
    expect(() => shareLeaves(8, [])).toThrow('no trainers');
  });
});

function load(share: readonly Subtree[]): number {
  return share.reduce((sum, subtree) => sum + subtree.leaves, 0);
}

function slowest(loads: readonly number[], leafMs: readonly number[]): number {
  return Math.max(...loads.map((leaves, index) => leaves * (leafMs[index] ?? 0)));
}

/** By trying every way to share the leaves. */
function best(workers: number, [ms = 1, ...others]: readonly number[]): number {
  if (others.length === 0) return workers * ms;
  return Math.min(...Array.from({ length: workers + 1 }, (_, leaves) => Math.max(leaves * ms, best(workers - leaves, others))));
}
