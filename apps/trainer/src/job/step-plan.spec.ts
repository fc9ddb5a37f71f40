import { planOf, subtreesOf } from './step-plan.js';

const shares = [{ owner: 't1', subtrees: [{ first: 0, leaves: 4 }, { first: 6, leaves: 1 }] }, { owner: 't2', subtrees: [] }];
const message = { job: 'job', step: '3', generation: '12', learningRate: 1, chain: '', plan: { shares, chunks: [{ owner: 'coordinator', firstBlock: 2, blocks: 5 }] } };

describe('the plan of a step', () => {
  it('is that of its message, under the message’s generation', () => {
    expect(planOf(message as never)).toEqual({
      generation: 12,
      shares: [{ trainerId: 't1', subtrees: shares[0]!.subtrees }, { trainerId: 't2', subtrees: [] }],
      chunks: [{ ownerId: 'coordinator', firstBlock: 2, blocks: 5 }],
    });
  });

  it('is not there when it came before', () => {
    expect(planOf({ ...message, plan: null } as never)).toBeUndefined();
  });

  it('gives each of its trainers its subtrees, and anybody else none', () => {
    const plan = planOf(message as never)!;
    expect(subtreesOf(plan, 't1')).toEqual(shares[0]!.subtrees);
    expect(subtreesOf(plan, 't2')).toEqual([]);
    expect(subtreesOf(plan, 't3')).toEqual([]);
  });
});
