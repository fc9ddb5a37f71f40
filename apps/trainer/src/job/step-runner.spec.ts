import type { Subtree } from '@langevin/cluster-core';
import { VectorArena } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import type { Prepared } from '@langevin/rpc';
import type { LeafBatch } from '../compute/protocol.js';
import { FakeCompute } from '../testing/fake-compute.js';
import { FakeExchange, resultOf, settled } from '../testing/fake-exchange.js';
import { chainAfter } from './chain.js';
import { StepRunner, type StepOrder } from './step-runner.js';
import { StepStopwatch } from './step-stopwatch.js';

let compute: FakeCompute;
let exchange: FakeExchange;
let arena: VectorArena;
let prepared: Prepared[];
let checked: [step: number, subtree: Subtree, digest: string][];
let failed: unknown[];
let facts: object[];
let batches: string[];
let runner: StepRunner;

beforeEach(() => make());

function make({ ledger = false, applied = 0, chain = '' } = {}): void {
  [compute, exchange, arena, prepared, checked, failed, facts, batches] = [new FakeCompute(), new FakeExchange(), new VectorArena(4), [], [], [], [], []];
  runner = new StepRunner(
    {
      ...{ job: 'job', compute: compute.client, exchange: exchange.host, arena, stopwatch: new StepStopwatch(() => 0) },
      ledger: { isOpen: ledger, note: (fact) => void facts.push(fact) },
      batch: (step, leaf) => {
        batches.push(`${step}:${leaf}`);
        return Promise.resolve({ images: new Float32Array(1), labels: new Int32Array(1), weights: new Float32Array(1), firstSlot: leaf } satisfies LeafBatch);
      },
      sendPrepared: (one) => void prepared.push(one),
      sendChecked: (...all) => void checked.push(all),
      fail: (error) => void failed.push(error),
    },
    applied,
    chain,
  );
}

const tree = (first: number, leaves: number): Subtree => ({ first, leaves });
/** An order in which this trainer owns these subtrees, and another takes part. */
const order = (step: number, chain: string, subtrees: readonly Subtree[], change: Partial<StepOrder> & { generation?: number } = {}): StepOrder => {
  const { generation = 1, ...rest } = change;
  return { step, chain, learningRate: step / 10, plan: { generation, shares: [{ trainerId: 'me', subtrees }, { trainerId: 'other', subtrees: [] }], chunks: [] }, subtrees, withState: false, check: null, ...rest };
};
const gradient = (subtree: Subtree, ms: number) => compute.answer('gradient', { address: 64 * (subtree.first + 1), weightSum: subtree.leaves, lossSum: 1 }, ms);
const offered = (): Subtree[] => exchange.offered.map(({ subtree }) => subtree);
const one = chainAfter('', 'result 1');
const applies = (): number[] => compute.asked.flatMap((request) => (request.kind === 'apply' ? request.step : []));

/** One whole step. */
async function whole(step: number, subtrees: readonly Subtree[]): Promise<void> {
  runner.run(order(step, runner.chain, subtrees));
  for (const subtree of subtrees) await gradient(subtree, 1);
  await settled();
  await exchange.holds(step);
  runner.commit({ step: String(step), digest: prepared.at(-1)!.digest! });
  await compute.answer('apply', null);
  await settled();
}

describe('a runner', () => {
  it('computes its subtrees one after the other, offers each as soon as it is there, and says what it holds', async () => {
    runner.run(order(1, '', [tree(0, 2), tree(4, 1)]));
    expect(exchange.begun).toMatchObject([{ step: 1, chain: '', plan: { generation: 1 } }]);
    const first = await gradient(tree(0, 2), 6);
    expect(first.firstSlots).toEqual([0, 1]);
    await settled();
    expect(exchange.offered).toEqual([{ step: 1, subtree: tree(0, 2), address: 64, weightSum: 2, lossSum: 1 }]);
    await gradient(tree(4, 1), 3);
    await settled();
    expect(offered()).toEqual([tree(0, 2), tree(4, 1)]);
    expect(prepared).toEqual([]);
    await exchange.holds(1);
    // Nine milliseconds for three leaves.
    expect(prepared).toEqual([{ job: 'job', step: 1, digest: one, loss: 0.5, norm: 2, finite: true, leafMs: 3 }]);
    expect(runner.prepared).toEqual(prepared[0]);
  });

  it('applies nothing before the commit, and then what it holds, with the rate of its order', async () => {
    runner.run(order(1, '', [tree(0, 4)]));
    await gradient(tree(0, 4), 1);
    await exchange.holds(1);
    await settled();
    expect([applies(), runner.applied, exchange.committed]).toEqual([[], 0, []]);
    runner.commit({ step: '1', digest: one });
    expect(await compute.answer('apply', null)).toEqual({ kind: 'apply', step: 1, address: 64, learningRate: 0.1 });
    await settled();
    expect([runner.applied, runner.chain, runner.loss, runner.prepared]).toEqual([1, one, 0.5, null]);
    expect(exchange.committed).toEqual([1]);
    expect(failed).toEqual([]);
  });

  it('keeps a result until the update that reads it is done', async () => {
    await whole(1, [tree(0, 4)]);
    for (const step of [2, 3]) {
      runner.run(order(step, runner.chain, []));
      await exchange.holds(step);
      runner.commit({ step: String(step), digest: prepared.at(-1)!.digest! });
      await settled();
    }
    // Step 2 is being applied: what it reads is freed when step 3 is committed in the exchange.
    expect([compute.waiting, exchange.committed]).toEqual([['apply', 'apply'], [1, 2]]);
    await compute.answer('apply', null);
    await settled();
    expect(exchange.committed).toEqual([1, 2, 3]);
  });

  it.each([
    ['of another digest', { step: '1', digest: 'another' }],
    ['of another step', { step: '2', digest: one }],
  ])('refuses a commit %s, and keeps what it holds', async (_, commit) => {
    runner.run(order(1, '', [tree(0, 4)]));
    await gradient(tree(0, 4), 1);
    await exchange.holds(1);
    expect(() => runner.commit(commit)).toThrow(`COMMIT of step ${commit.step} with ${commit.digest}, but the result that is held is step 1 with ${one}`);
    expect([applies(), runner.applied, runner.prepared?.digest]).toEqual([[], 0, one]);
    runner.commit({ step: '1', digest: one });
    expect(runner.applied).toBe(1);
  });

  it('refuses a commit before it holds the result', () => {
    runner.run(order(1, '', [tree(0, 4)]));
    expect(() => runner.commit({ step: '1', digest: one })).toThrow('but the result that is held is none');
    expect(applies()).toEqual([]);
  });

  it.each([
    ['a step too far', 2, ''],
    ['a step that it has applied', 0, ''],
    ['a step after other results', 1, 'other'],
  ])('refuses %s', (_, step, chain) => {
    expect(() => runner.run(order(step, chain, [tree(0, 4)]))).toThrow(expect.objectContaining({ code: 'internal', message: expect.stringContaining('this trainer has applied 0') }));
    expect(exchange.begun).toEqual([]);
  });

  it('with no leaves of its own is prepared all the same, and says that a leaf took it no time', async () => {
    runner.run(order(1, '', []));
    await exchange.holds(1);
    expect(prepared).toMatchObject([{ step: 1, digest: one, leafMs: 0 }]);
  });

  it('reads the samples of the next step ahead, each once, and has them ready before the weights are', async () => {
    await whole(1, [tree(0, 2)]);
    expect(batches).toEqual(['1:0', '1:1', '2:0', '2:1']);
    expect(compute.asked.map(({ kind }) => kind)).toEqual(['stage', 'stage', 'gradient', 'stage', 'stage', 'apply']);
    runner.run(order(2, runner.chain, [tree(0, 2), tree(2, 1)]));
    await gradient(tree(0, 2), 1);
    await gradient(tree(2, 1), 1);
    expect(batches.slice(4, 5)).toEqual(['2:2']);
  });

  it('counts the leaves that are left', async () => {
    expect(runner.leavesLeft).toBe(0);
    runner.run(order(1, '', [tree(0, 2), tree(4, 1)]));
    expect(runner.leavesLeft).toBe(3);
    await gradient(tree(0, 2), 1);
    await settled();
    expect(runner.leavesLeft).toBe(1);
    await gradient(tree(4, 1), 1);
    await settled();
    expect(runner.leavesLeft).toBe(0);
  });

  it('tells what it computed and applied to the ledger, with the digest of the state', async () => {
    make({ ledger: true });
    runner.run(order(1, '', [tree(0, 4)]));
    await gradient(tree(0, 4), 1);
    await exchange.holds(1);
    runner.commit({ step: '1', digest: one });
    await compute.answer('apply', null);
    await compute.answer('digestState', 'state 1');
    await settled();
    expect(facts).toMatchObject([
      { type: 'computed', step: 1, generation: 1, first: 0, leaves: 4, chain: '' },
      { type: 'prepared', step: 1, chain: one },
      { type: 'applying', step: 1, chain: one },
      { type: 'applied', step: 1, chain: one, state: 'state 1' },
    ]);
  });

  it.each(['gradient', 'apply'] as const)('reports a %s that fails', async (kind) => {
    const error = new LangevinError('internal', 'the device is gone');
    runner.run(order(1, '', [tree(0, 4)]));
    if (kind === 'apply') {
      await gradient(tree(0, 4), 1);
      await exchange.holds(1);
      runner.commit({ step: '1', digest: one });
    }
    await compute.fail(kind, error);
    await settled();
    expect(failed[0]).toBe(error);
  });
});

describe('a runner that is alone', () => {
  const alone = (step: number, chain: string): StepOrder => order(step, chain, [tree(0, 4)], { plan: { generation: 1, shares: [{ trainerId: 'me', subtrees: [tree(0, 4)] }], chunks: [] } });

  it('applies what it holds at once and says so; the commit that follows changes nothing', async () => {
    runner.run(alone(1, ''));
    await gradient(tree(0, 4), 1);
    await exchange.holds(1);
    expect(prepared).toMatchObject([{ step: 1, digest: one }]);
    expect([applies(), runner.applied, runner.chain, runner.prepared]).toEqual([[1], 1, one, null]);
    runner.commit({ step: '1', digest: one });
    runner.run(alone(2, one));
    await compute.answer('apply', null);
    await gradient(tree(0, 4), 1);
    await exchange.holds(2);
    expect([applies(), failed]).toEqual([[1, 2], []]);
  });

  it('refuses the commit of another result than the one that it has applied', async () => {
    runner.run(alone(1, ''));
    await gradient(tree(0, 4), 1);
    await exchange.holds(1);
    expect(() => runner.commit({ step: '1', digest: 'another' })).toThrow('COMMIT of step 1 with another, but the result that is held is none');
  });

  it('does not apply what is not finite: that ends the job', async () => {
    runner.run(alone(1, ''));
    await gradient(tree(0, 4), 1);
    await exchange.holds(1, resultOf(1, { finite: false }));
    expect([prepared[0]?.finite, applies(), runner.applied]).toEqual([false, [], 0]);
  });

  it('changes nothing of what it has told a coordinator until that one says how to go on', async () => {
    runner.run(alone(1, ''));
    runner.awaitOrder();
    await gradient(tree(0, 4), 1);
    await exchange.holds(1);
    expect([prepared.length, applies(), runner.prepared?.digest]).toEqual([1, [], one]);
    runner.run(alone(1, ''));
    expect([prepared.length, applies(), runner.applied]).toEqual([2, [1], 1]);
  });

  it('is not when it only replays what another computes', async () => {
    runner.run(order(1, '', [], { plan: { generation: 1, shares: [{ trainerId: 'other', subtrees: [tree(0, 4)] }], chunks: [] } }));
    await exchange.holds(1);
    expect([prepared.length, applies()]).toEqual([1, []]);
  });
});

describe('a runner whose step gets another plan', () => {
  it('while it computes goes on with what it has begun, then with what has moved to it, and computes nothing twice', async () => {
    runner.run(order(1, '', [tree(0, 1), tree(1, 1)]));
    await compute.next('gradient');
    runner.run(order(1, '', [tree(0, 1), tree(1, 1), tree(2, 2)], { generation: 2 }));
    expect(exchange.begun.map(({ plan }) => plan.generation)).toEqual([1, 2]);
    for (const subtree of [tree(0, 1), tree(1, 1), tree(2, 2)]) await gradient(subtree, 1);
    await settled();
    expect(offered()).toEqual([tree(0, 1), tree(1, 1), tree(2, 2)]);
    expect(compute.waiting).toEqual([]);
    await exchange.holds(1);
    expect(prepared).toMatchObject([{ step: 1, leafMs: 3 / 4 }]);
  });

  it('when it has computed all of the first plan computes only what has moved to it', async () => {
    runner.run(order(1, '', [tree(0, 2)]));
    await gradient(tree(0, 2), 1);
    await settled();
    runner.run(order(1, '', [tree(0, 2), tree(2, 2)], { generation: 2 }));
    const moved = await gradient(tree(2, 2), 1);
    expect(moved.firstSlots).toEqual([2, 3]);
    await settled();
    expect(offered()).toEqual([tree(0, 2), tree(2, 2)]);
  });

  it('does not begin what has moved away from it', async () => {
    runner.run(order(1, '', [tree(0, 1), tree(1, 1)]));
    await compute.next('gradient');
    runner.run(order(1, '', [tree(0, 1)], { generation: 2 }));
    await gradient(tree(0, 1), 1);
    await settled();
    expect([offered(), compute.waiting]).toEqual([[tree(0, 1)], []]);
  });

  it('says again that it is prepared, with the same result', async () => {
    runner.run(order(1, '', [tree(0, 4)]));
    await gradient(tree(0, 4), 2);
    await exchange.holds(1);
    runner.run(order(1, '', [tree(0, 4)], { generation: 2 }));
    await settled();
    expect(prepared).toHaveLength(2);
    expect(prepared[1]).toEqual(prepared[0]);
    expect(offered()).toEqual([tree(0, 4)]);
  });
});

describe('a runner that is asked for the state', () => {
  it('takes the digest of that before the step into the chain', async () => {
    runner.run(order(1, '', [tree(0, 4)], { withState: true }));
    await gradient(tree(0, 4), 1);
    await exchange.holds(1);
    expect(prepared).toEqual([]);
    await compute.answer('digestState', 'state 0');
    await settled();
    expect(prepared).toMatchObject([{ digest: chainAfter('', 'result 1', 'state 0') }]);
    expect(prepared[0]!.digest).not.toBe(one);
  });
});

describe('a runner that checks leaves', () => {
  it('of its own says the digest of the sum that it offers', async () => {
    runner.run(order(1, '', [tree(0, 2), tree(2, 1)], { check: tree(2, 1) }));
    await gradient(tree(0, 2), 1);
    await gradient(tree(2, 1), 1);
    expect(await compute.answer('digestGradient', 'd')).toEqual({ kind: 'digestGradient', address: 64 * 3 });
    await settled();
    expect([checked, compute.waiting]).toEqual([[[1, tree(2, 1), 'd']], []]);
    expect(offered()).toEqual([tree(0, 2), tree(2, 1)]);
  });

  it('of another computes them after its own, offers nothing of them, and leaks no vector', async () => {
    runner.run(order(1, '', [tree(0, 2)], { check: tree(3, 1) }));
    await gradient(tree(0, 2), 1);
    const vector = arena.take();
    const again = await compute.answer('gradient', { address: vector.address, weightSum: 1, lossSum: 1 });
    expect(again.firstSlots).toEqual([3]);
    await compute.answer('digestGradient', 'e');
    await settled();
    expect(checked).toEqual([[1, tree(3, 1), 'e']]);
    expect(offered()).toEqual([tree(0, 2)]);
    expect(arena.taken).toBe(0);
  });
});

describe('a runner that gives a step up', () => {
  it('has its order again, and no result of it is prepared or applied', async () => {
    const given = order(1, '', [tree(0, 4)]);
    runner.run(given);
    expect(runner.abandon(2)).toBeNull();
    expect(runner.abandon(1)).toBe(given);
    expect(runner.abandon(1)).toBeNull();
    await exchange.holds(1);
    expect([prepared, applies(), failed]).toEqual([[], [], []]);
  });

  it('keeps one whose result it holds', async () => {
    runner.run(order(1, '', []));
    await exchange.holds(1);
    expect(runner.abandon(1)).toBeNull();
    expect(runner.prepared?.digest).toBe(one);
  });

  it('does not care any more that its result will not come', async () => {
    runner.run(order(1, '', []));
    runner.abandon(1);
    await exchange.gaveUp(1, new LangevinError('cancelled', 'step 1 was begun anew'));
    expect(failed).toEqual([]);
  });

  it('and fails when the result of the step that it runs will not come', async () => {
    const error = new LangevinError('trainer_diverged', 'no result');
    runner.run(order(1, '', []));
    await exchange.gaveUp(1, error);
    expect(failed).toEqual([error]);
  });

  it('goes on where it is put', async () => {
    runner.run(order(1, '', [tree(0, 4)]));
    runner.reset(5, 'five');
    expect([runner.applied, runner.chain, runner.leavesLeft, runner.prepared]).toEqual([5, 'five', 0, null]);
    runner.run(order(6, 'five', []));
    await exchange.holds(6);
    expect(prepared).toMatchObject([{ step: 6, digest: chainAfter('five', 'result 6') }]);
  });

  it('applies a result that others prepared', async () => {
    runner.reset(5, 'five');
    runner.apply(6, resultOf(6), 'six', 0.25);
    expect(await compute.answer('apply', null)).toEqual({ kind: 'apply', step: 6, address: 64 * 6, learningRate: 0.25 });
    expect([runner.applied, runner.chain, runner.loss]).toEqual([6, 'six', 3]);
  });

  it.each(['well', 'not'])('is settled when nothing is being applied any more: what is read has to stay until then; it ends %s', async (how) => {
    await runner.settled();
    runner.apply(6, resultOf(6), 'six', 0.25);
    let isSettled = false;
    const settling = runner.settled().then(() => (isSettled = true));
    await settled();
    expect(isSettled).toBe(false);
    await (how === 'well' ? compute.answer('apply', null) : compute.fail('apply', new Error('no')));
    await settling;
    expect(failed).toHaveLength(how === 'well' ? 0 : 1);
  });
});
