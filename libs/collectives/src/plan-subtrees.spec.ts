import fc from 'fast-check';
import { planSubtrees } from './plan-subtrees.js';
import { isPowerOfTwo } from './subtree.js';

const seed = 20261;
const trees = fc.integer({ min: 0, max: 8 }).map((log) => 2 ** log);

const bits = (n: number) => n.toString(2).replaceAll('0', '').length;

describe('planSubtrees', () => {
  it('gives the published plans', () => {
    expect(planSubtrees(8, 1).subtrees).toEqual([[{ first: 0, leaves: 8 }]]);
    expect(planSubtrees(8, 2).subtrees).toEqual([[{ first: 0, leaves: 4 }], [{ first: 4, leaves: 4 }]]);
    expect(planSubtrees(8, 3).subtrees).toEqual([
      [{ first: 0, leaves: 2 }, { first: 6, leaves: 1 }],
      [{ first: 2, leaves: 2 }, { first: 7, leaves: 1 }],
      [{ first: 4, leaves: 2 }],
    ]);
    expect(planSubtrees(2, 3).subtrees).toEqual([[{ first: 0, leaves: 1 }], [{ first: 1, leaves: 1 }], []]);
  });

  it('covers every leaf once with aligned subtrees, evenly, in as few as the shares allow', () => {
    fc.assert(
      fc.property(trees, fc.integer({ min: 1, max: 40 }), (virtualWorkers, trainers) => {
        const { subtrees } = planSubtrees(virtualWorkers, trainers);
        expect(subtrees).toHaveLength(trainers);
        const leaves = subtrees.flat().flatMap((subtree) => Array.from({ length: subtree.leaves }, (_, i) => subtree.first + i));
        expect(leaves.sort((a, b) => a - b)).toEqual(Array.from({ length: virtualWorkers }, (_, i) => i));
        for (const { first, leaves: size } of subtrees.flat()) expect(isPowerOfTwo(size) && first % size === 0).toBe(true);
        const shares = subtrees.map((own) => own.reduce((sum, subtree) => sum + subtree.leaves, 0));
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        expect(subtrees.map((own) => own.length)).toEqual(shares.map(bits));
      }),
      { seed },
    );
  });

  it('warns of idle trainers and of uneven shares, with both numbers', () => {
    expect(planSubtrees(8, 1).warning).toBeUndefined();
    expect(planSubtrees(8, 2).warning).toBeUndefined();
    expect(planSubtrees(8, 3).warning).toBe('8 virtual workers for 3 trainers divide the work unevenly: 12 or more are better');
    expect(planSubtrees(2, 5).warning).toBe('3 of 5 trainers stay idle: the job has only 2 virtual workers');
  });

  it.each([[6, 1], [0, 1], [8, 0], [8, 1.5]])('refuses %d virtual workers for %d trainers', (virtualWorkers, trainers) => {
    expect(() => planSubtrees(virtualWorkers, trainers)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
