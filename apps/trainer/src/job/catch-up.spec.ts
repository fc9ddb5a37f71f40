import { VectorArena } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import type { Prepared } from '@langevin/rpc';
import { stateBytes } from '../compute/state-copy.js';
import { FakeCompute } from '../testing/fake-compute.js';
import { FakeExchange, resultOf, settled } from '../testing/fake-exchange.js';
import { CatchUp } from './catch-up.js';
import { chainAfter } from './chain.js';
import { StepRunner, type StepOrder } from './step-runner.js';
import { StepStopwatch } from './step-stopwatch.js';

const parameters = 3;
/** The chain after a step, from the state after step 4 on. */
const chains: Record<number, string> = { 4: 'four' };
for (let step = 5; step <= 9; step++) chains[step] = chainAfter(chains[step - 1]!, `result ${step}`);
const chain = (step: number): string => chains[step]!;

let compute: FakeCompute;
let exchange: FakeExchange;
let runner: StepRunner;
let catchUp: CatchUp;
/** What it tells the coordinator. */
let said: string[];
let prepared: Prepared[];
let failed: unknown[];

beforeEach(() => make(false));

function make(isLive: boolean): void {
  [compute, exchange, said, prepared, failed] = [new FakeCompute(), new FakeExchange(), [], [], []];
  const fail = (error: unknown): void => void failed.push(error);
  const ledger = { isOpen: false, note: () => undefined };
  runner = new StepRunner(
    {
      ...{ job: 'job', compute: compute.client, exchange: exchange.host, arena: new VectorArena(parameters), stopwatch: new StepStopwatch(() => 0), ledger, fail },
      batch: () => Promise.reject(new Error('nothing is computed here')),
      sendPrepared: (one) => void prepared.push(one),
      sendChecked: () => undefined,
    },
    isLive ? 4 : 0,
    isLive ? 'four' : '',
  );
  catchUp = new CatchUp(
    {
      ...{ job: 'job', parameters, compute: compute.client, exchange: exchange.host, runner, fail },
      holders: () => ['t1', 't2'],
      onState: (step) => void said.push(`state ${step}`),
      onReplayed: (step, digest) => void said.push(`replayed ${step} ${digest === chain(step) ? 'right' : digest}`),
      onBehind: (step, why) => void said.push(`behind at ${step}: ${why}`),
    },
    isLive,
  );
}

const order = (step: number, change: Partial<StepOrder> = {}): StepOrder => ({
  ...{ step, learningRate: step / 100, chain: chain(step - 1), withState: false, check: null, subtrees: [] },
  plan: { generation: 1, shares: [], chunks: [] },
  ...change,
});
const fetch = (step: number, donors: string[] = ['t1', 't2']): void => catchUp.begin({ job: 'job', step: String(step), chain: chain(step), donors });
/** The state that was asked for comes, and is loaded. */
async function load(step: number): Promise<void> {
  await exchange.fetched(step);
  await compute.answer('loadState', null);
  await settled();
}
/** The step is ordered and committed, as everybody is told. */
function pass(step: number): void {
  expect(catchUp.ordered(order(step))).toBe(false);
  expect(catchUp.committed(step, chain(step))).toBe(false);
}

describe('a trainer that joins', () => {
  it('fetches an equal part of the state from each donor, and loads the whole', async () => {
    fetch(4, ['t1', 't2', 't3']);
    expect(exchange.parts.map(({ memberId, name, offset, length }) => [memberId, name, offset, length])).toEqual([
      ['t1', 'state/job/4', 0, 16],
      ['t2', 'state/job/4', 16, 16],
      ['t3', 'state/job/4', 32, 16],
    ]);
    expect([said, catchUp.isLive]).toEqual([[], false]);
    await exchange.fetched(7);
    const { step, state } = await compute.answer('loadState', null);
    expect([step, [...state]]).toEqual([4, Array.from({ length: stateBytes(parameters) }, () => 7)]);
    await settled();
    expect([said, runner.applied, runner.chain, catchUp.isLive]).toEqual([['state 4'], 4, 'four', true]);
  });

  it.each([1, 2, 5, 7])('fetches every byte from one of %i donors, whole elements from each', (count) => {
    fetch(4, Array.from({ length: count }, (_, index) => `t${index}`));
    const ends = exchange.parts.map(({ offset, length }) => offset + length);
    expect(exchange.parts.map(({ offset }) => offset)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(stateBytes(parameters));
    expect(ends.filter((end) => end % 4 !== 0)).toEqual([]);
    for (const { into, offset, length } of exchange.parts) expect([into.byteOffset, into.byteLength]).toEqual([offset, length]);
  });

  it('replays what is committed meanwhile, in order, each with its own rate, and then takes part', async () => {
    fetch(4);
    pass(5);
    pass(6);
    expect(exchange.pulled).toEqual([]);
    await load(4);
    expect(exchange.pulled).toEqual([{ memberIds: ['t1', 't2'], step: 5, chain: 'four' }]);
    pass(7);
    expect(catchUp.ordered(order(8))).toBe(false);
    for (const step of [5, 6, 7]) await exchange.found(resultOf(step));
    expect(exchange.pulled.map(({ step, chain: before }) => [step, before])).toEqual([5, 6, 7].map((step) => [step, chain(step - 1)]));
    for (const step of [5, 6, 7]) expect(await compute.answer('apply', null)).toEqual({ kind: 'apply', step, address: 64 * step, learningRate: step / 100 });
    expect(said).toEqual(['state 4', 'replayed 5 right', 'replayed 6 right', 'replayed 7 right']);
    // Live now: the step that was ordered last is its own.
    expect(catchUp.isLive).toBe(true);
    expect(exchange.begun).toMatchObject([{ step: 8, chain: chain(7) }]);
    await exchange.holds(8);
    expect(prepared).toMatchObject([{ step: 8, digest: chain(8) }]);
    expect(catchUp.committed(8, chain(8))).toBe(true);
    expect(catchUp.ordered(order(9))).toBe(true);
    expect(failed).toEqual([]);
  });

  it('takes the digest of its state into the chain where that is asked for', async () => {
    const withState = chainAfter('four', 'result 5', 'state 4');
    fetch(4);
    catchUp.ordered(order(5, { withState: true }));
    catchUp.committed(5, withState);
    await load(4);
    await exchange.found(resultOf(5));
    await compute.answer('digestState', 'state 4');
    await settled();
    expect(said).toEqual(['state 4', `replayed 5 ${withState}`]);
    expect(runner.chain).toBe(withState);
  });

  it('heeds nothing before it is told to fetch the state', async () => {
    pass(3);
    fetch(4);
    await load(4);
    expect([exchange.pulled, said]).toEqual([[], ['state 4']]);
  });

  it('fell behind when its peers no longer keep a result, and begins anew when it is told to', async () => {
    fetch(4);
    pass(5);
    pass(6);
    await load(4);
    await exchange.found(resultOf(5));
    await compute.answer('apply', null);
    await exchange.found(new LangevinError('content_missing', 'nobody holds step 6'));
    expect(said).toEqual(['state 4', 'replayed 5 right', 'behind at 5: nobody holds step 6']);
    expect(catchUp.isLive).toBe(false);
    fetch(6);
    await load(6);
    expect(said.slice(3)).toEqual(['state 6']);
    expect([runner.applied, catchUp.isLive]).toEqual([6, true]);
    expect(failed).toEqual([]);
  });

  it.each(['a donor that is gone', 'a state of another size'])('fell behind for %s', async (what) => {
    fetch(4);
    if (what === 'a donor that is gone') await exchange.fetched(new LangevinError('unavailable', 'gone'));
    else {
      await exchange.fetched(1);
      await compute.fail('loadState', new LangevinError('invalid_argument', 'gone'));
    }
    await settled();
    expect([said, catchUp.isLive, runner.applied]).toEqual([['behind at 0: gone'], false, 0]);
  });

  it('refuses a result that is not the one which was committed', async () => {
    fetch(4);
    pass(5);
    await load(4);
    await exchange.found(resultOf(5, { digest: 'forged' }));
    expect(said).toEqual(['state 4', 'behind at 4: the result of step 5 is not the one that was committed']);
    expect(compute.waiting).toEqual([]);
  });

  it('says nothing when it is stopped meanwhile', async () => {
    fetch(4);
    await exchange.fetched(new LangevinError('cancelled', 'job closed'));
    expect([said, failed]).toEqual([[], []]);
  });
});

describe('a trainer that is told of a newer state', () => {
  it('while it fetches one heeds the newer alone', async () => {
    fetch(4);
    pass(5);
    fetch(6);
    // Both come.
    await exchange.fetched(1);
    expect((await compute.answer('loadState', null)).step).toBe(6);
    await settled();
    expect([said, runner.applied, exchange.pulled]).toEqual([['state 6'], 6, []]);
  });

  it('while it loads one does not say that it has the first, and replays from the newer', async () => {
    fetch(4);
    await exchange.fetched(1);
    expect((await compute.next('loadState')).step).toBe(4);
    fetch(6);
    pass(7);
    await compute.answer('loadState', null);
    await settled();
    expect([said, exchange.pulled, catchUp.isLive]).toEqual([[], [], false]);
    await load(6);
    await exchange.found(resultOf(7));
    expect(said).toEqual(['state 6', 'replayed 7 right']);
  });

  it('while it replays leaves that, and what it waited for is of no account', async () => {
    fetch(4);
    pass(5);
    await load(4);
    fetch(6);
    await exchange.found(resultOf(5));
    expect(compute.waiting).toEqual([]);
    await load(6);
    expect([said, runner.applied]).toEqual([['state 4', 'state 6'], 6]);
  });
});

describe('a trainer that takes part', () => {
  beforeEach(() => make(true));

  it('takes orders and commits from the beginning', async () => {
    expect(catchUp.isLive).toBe(true);
    expect(catchUp.ordered(order(5))).toBe(true);
    runner.run(order(5));
    await exchange.holds(5);
    expect(catchUp.committed(5, chain(5))).toBe(true);
  });

  it('and is told of a commit before the result is here fetches that from others, and goes on', async () => {
    runner.run(order(5));
    expect(catchUp.committed(5, chain(5))).toBe(false);
    expect(catchUp.isLive).toBe(false);
    expect(catchUp.ordered(order(6))).toBe(false);
    await exchange.found(resultOf(5));
    expect(await compute.answer('apply', null)).toMatchObject({ step: 5, learningRate: 0.05 });
    expect([said, catchUp.isLive]).toEqual([['replayed 5 right'], true]);
    expect(exchange.begun.map(({ step }) => step)).toEqual([5, 6]);
  });
});
