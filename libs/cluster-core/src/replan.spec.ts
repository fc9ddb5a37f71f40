import fc from 'fast-check';
import { planChunks, type ExchangePlan } from './exchange-plan.js';
import type { JobRequest, Member } from './job.js';
import { COORDINATOR, planAfterLoss, planRelayed, planStep, slowestMs } from './replan.js';
import { planBytes } from './simulation/message-size.js';

const request = (virtualWorkers: number, blocks: number): JobRequest => ({ id: 'x', virtualWorkers, blocks, exchange: 'peers', totalSteps: 9, minTrainers: 1, checkpointEvery: 3, startStep: 0, numericsClass: null });
const membersOf = (count: number): Member[] => Array.from({ length: count }, (_, index) => ({ trainerId: `t${index + 1}`, name: `n${index + 1}`, incarnation: 'i', ready: true }));
const idsOf = (count: number) => membersOf(count).map(({ trainerId }) => trainerId);
const fresh = (trainers: number, virtualWorkers: number, blocks: number) => planStep(request(virtualWorkers, blocks), membersOf(trainers), { generation: 1, leafMs: {}, relayed: false });

/** Leaves by owner, and blocks by owner. */
function ownersOf({ shares, chunks }: ExchangePlan): { leaves: Map<number, string>; blocks: Map<number, string> } {
  const leaves = new Map<number, string>();
  const blocks = new Map<number, string>();
  const note = (map: Map<number, string>, first: number, count: number, owner: string) => {
    for (let index = first; index < first + count; index++) {
      expect(map.has(index)).toBe(false);
      map.set(index, owner);
    }
  };
  for (const { trainerId, subtrees } of shares) for (const { first, leaves: count } of subtrees) note(leaves, first, count, trainerId);
  for (const { ownerId, firstBlock, blocks: count } of chunks) note(blocks, firstBlock, count, ownerId);
  return { leaves, blocks };
}

describe('planAfterLoss', () => {
  it('moves what belonged to the lost alone, again and again, and gives everything one owner', () => {
    const shape = fc.record({ trainers: fc.integer({ min: 2, max: 9 }), virtualWorkers: fc.constantFrom(4, 8, 16, 64), blocks: fc.integer({ min: 1, max: 30 }), order: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }) });
    const property = fc.property(shape, ({ trainers, virtualWorkers, blocks, order }) => {
      let plan = fresh(trainers, virtualWorkers, blocks);
      let left = idsOf(trainers);
      for (const pick of order.slice(0, trainers - 1)) {
        left = left.filter((_, place) => place !== pick % left.length);
        const before = ownersOf(plan);
        plan = planAfterLoss(plan, left, [], plan.generation + 1);
        const after = ownersOf(plan);
        expect([after.leaves.size, after.blocks.size]).toEqual([virtualWorkers, blocks]);
        for (const [leaf, owner] of after.leaves) expect(left.includes(before.leaves.get(leaf) ?? '') ? before.leaves.get(leaf) : left).toEqual(left.includes(before.leaves.get(leaf) ?? '') ? owner : expect.arrayContaining([owner]));
        for (const [block, owner] of after.blocks) expect(left.includes(before.blocks.get(block) ?? '') ? before.blocks.get(block) : owner).toBe(owner);
        expect(plan.shares.flatMap(({ subtrees }) => subtrees).every(({ first, leaves }) => first % leaves === 0)).toBe(true);
      }
    });
    fc.assert(property, { seed: 11, numRuns: 150 });
  });

  it('lets the holders of the result serve, and nobody compute', () => {
    const plan = fresh(3, 8, 6);
    const after = planAfterLoss(plan, ['t1', 't2'], ['t2'], 2);
    expect(after.shares).toBe(plan.shares);
    expect(new Set(ownersOf(after).blocks.values())).toEqual(new Set(['t2']));
  });

  it('lets a few holders not serve everybody: the lost leaves are computed again', () => {
    const after = planAfterLoss(fresh(8, 8, 8), idsOf(7), ['t2'], 2);
    expect(new Set(ownersOf(after).leaves.values())).toEqual(new Set(idsOf(7)));
    expect(new Set(ownersOf(after).blocks.values())).toEqual(new Set(idsOf(7)));
  });

  it('lets lost leaves be computed again where the coordinator reduces, whoever holds the result', () => {
    const relayed = planRelayed(fresh(3, 8, 4), idsOf(3), 4, 2);
    expect(new Set(ownersOf(planAfterLoss(relayed, ['t1', 't2'], ['t1', 't2'], 3)).leaves.values())).toEqual(new Set(['t1', 't2']));
  });

  it('leaves the coordinator what it reduces', () => {
    const plan = { ...fresh(2, 8, 4), chunks: planChunks(4, [COORDINATOR]) };
    expect(planAfterLoss(plan, ['t2'], [], 2).chunks).toEqual(plan.chunks);
  });
});

describe('planRelayed', () => {
  it('gives leaves of those that are gone to those that live', () => {
    const gone = planAfterLoss(fresh(3, 8, 4), ['t1', 't2'], ['t1'], 2);
    expect(gone.shares.map(({ trainerId }) => trainerId)).toEqual(['t1', 't2', 't3']);
    const relayed = planRelayed(gone, ['t1', 't2'], 4, 3);
    expect(new Set(ownersOf(relayed).leaves.values())).toEqual(new Set(['t1', 't2']));
    expect(ownersOf(relayed).leaves.size).toBe(8);
    expect(relayed.chunks).toEqual([{ ownerId: COORDINATOR, firstBlock: 0, blocks: 4 }]);
  });
});

describe('planStep', () => {
  it('takes work from the slow', () => {
    const leafMs = { t1: 10, t2: 30 };
    const plan = planStep(request(8, 4), membersOf(2), { generation: 1, leafMs, relayed: false });
    expect(slowestMs(plan, leafMs)).toBe(60);
  });

  it.each([10, 100, 1000])('fits in one message with %d trainers, also after losses', (trainers) => {
    const virtualWorkers = 2 ** Math.ceil(Math.log2(4 * trainers));
    const leafMs = Object.fromEntries(idsOf(trainers).map((id, index) => [id, 10 + (index % 5)]));
    let plan = planStep(request(virtualWorkers, 2 * trainers), membersOf(trainers), { generation: 1, leafMs, relayed: false });
    let left = idsOf(trainers);
    for (let lost = 0; lost < 5; lost++) {
      left = left.slice(1);
      plan = planAfterLoss(plan, left, [], plan.generation + 1);
    }
    expect(planBytes(plan)).toBeLessThan(64 * 1024);
  });
});
