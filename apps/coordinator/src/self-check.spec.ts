import type { ExchangePlan } from '@langevin/cluster-core';
import { describeComparison, SelfCheck } from './self-check.js';

const plan = (...shares: readonly [trainerId: string, ...subtrees: readonly [first: number, leaves: number][]][]): ExchangePlan => ({
  generation: 1,
  shares: shares.map(([trainerId, ...subtrees]) => ({ trainerId, subtrees: subtrees.map(([first, leaves]) => ({ first, leaves })) })),
  chunks: [],
});
const three = plan(['t1', [0, 2], [2, 1]], ['t2', [3, 1]], ['t3', [4, 4]]);
const subtree = { first: 2, leaves: 1 };
const found = (trainer: string, digest: string, step = 50) => ({ trainer, step, subtree, digest });

describe('the self-check', () => {
  it('lets each trainer in turn be checked by the next, on the last leaves that it owns', () => {
    const checks = new SelfCheck();
    expect([150, 200, 250].map((step) => checks.choose(step, three))).toEqual([
      { subtree, ownerId: 't1', checkerId: 't2' },
      { subtree: { first: 3, leaves: 1 }, ownerId: 't2', checkerId: 't3' },
      { subtree: { first: 4, leaves: 4 }, ownerId: 't3', checkerId: 't1' },
    ]);
  });

  it('happens seldom, and not where there is nobody to compare with', () => {
    const checks = new SelfCheck();
    expect(Array.from({ length: 49 }, (_, index) => checks.choose(151 + index, three)).filter((check) => check !== null)).toEqual([]);
    expect(checks.choose(150, plan(['t1', [0, 8]]))).toBeNull();
    expect(checks.choose(200, plan(['t1'], ['t2', [0, 8]]))).toBeNull();
  });

  it.each([
    ['the same', 'a', true],
    ['another', 'b', false],
  ])('compares two who found %s digest', (_, second, isEqual) => {
    const checks = new SelfCheck();
    expect(checks.note('job', found('one', 'a'))).toBeNull();
    expect(checks.note('job', found('two', second))).toEqual({ step: 50, subtree, isEqual, trainers: ['one', 'two'] });
    expect(checks.note('job', found('two', second))).toBeNull();
  });

  it('compares nobody with itself, with another step or with another job', () => {
    const checks = new SelfCheck();
    expect([checks.note('job', found('one', 'a')), checks.note('job', found('one', 'b')), checks.note('job', found('two', 'b', 100)), checks.note('other', found('three', 'c', 100))]).toEqual([null, null, null, null]);
  });

  it('names both, and says what to do', () => {
    expect(describeComparison({ step: 50, subtree: { first: 2, leaves: 2 }, isEqual: false, trainers: ['one', 'two'] })).toBe(
      '"one" and "two" computed different gradients for leaves 2–3 of step 50: one of the two machines computes wrongly; drain one and see whether the other still differs from a third',
    );
  });
});
