import { planChunks } from '@langevin/cluster-core';
import type { Subtree } from '@langevin/cluster-core';
import { finishGradient } from '../finish-gradient.js';
import { addPartials } from '../partial-sum.js';
import type { PartialSum } from '../partial-sum.js';
import { TreeReducer } from '../tree-reducer.js';
import { VectorArena } from '../vector-arena.js';
import type { ExchangeTransport } from './exchange-member.js';
import type { HeldResult } from './held-result.js';
import { describeMember, TestExchange, testPlan } from './testing/exchange-cluster.js';
import type { TestMember } from './testing/exchange-cluster.js';

const seed = Number(process.env['EXCHANGE_SEED'] ?? 20271);
const elements = 5 * 65_536 + 77;
const virtualWorkers = 8;
const clipNorm = 1;
const job = { job: 'job', elements, virtualWorkers, clipNorm };
const transports: readonly (readonly [how: string, kinds: readonly ExchangeTransport[], isInPlace: boolean])[] = [
  ['shared memory, read in place', ['shm'], true],
  ['shared memory, copied', ['shm'], false],
  ['tcp', ['tcp'], false],
  ['grpc', ['grpc'], false],
];

// Globals are slow to reach in a jest context.
const { floor, imul } = Math;

/** Reproducible numbers in [0, 1) (mulberry32). */
function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const leafCache = new Map<string, Float32Array>();
function leafOf(step: number, leaf: number): Float32Array {
  const key = `${step} ${leaf}`;
  const known = leafCache.get(key);
  if (known) return known;
  const random = randomOf(step * 1000 + leaf);
  const made = new Float32Array(elements);
  for (let i = 0; i < elements; i++) made[i] = (random() - 0.5) * 2 ** floor(random() * 20 - 10);
  leafCache.set(key, made);
  return made;
}
const lossOf = (step: number, leaf: number): number => Math.fround(step + leaf / 3);

function partialOf(arena: VectorArena, step: number, { first, leaves }: Subtree): PartialSum {
  const reducer = new TreeReducer<PartialSum>(leaves, addPartials);
  let sum: PartialSum | undefined;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const gradient = arena.takeCopy(leafOf(step, first + leaf));
    sum = reducer.add({ first: leaf, leaves: 1 }, { gradient, weightSum: 2 + ((first + leaf) % 2), lossSum: lossOf(step, first + leaf) });
  }
  return sum!;
}

const expectedCache = new Map<number, { bytes: Buffer; norm: number; loss: number; weightSum: number }>();
function expectedOf(step: number) {
  const known = expectedCache.get(step);
  if (known) return known;
  const arena = new VectorArena(elements);
  const sum = partialOf(arena, step, { first: 0, leaves: virtualWorkers });
  const { gradient, norm, loss } = finishGradient(sum, clipNorm);
  const made = { bytes: Buffer.from(gradient.bytes.slice()), norm, loss, weightSum: sum.weightSum };
  expectedCache.set(step, made);
  return made;
}

function offer(member: TestMember, step: number, subtree: Subtree): void {
  const { gradient, weightSum, lossSum } = partialOf(member.arena, step, subtree);
  member.engine.offer({ step, subtree, address: gradient.address, weightSum, lossSum });
}

function expectHeld({ arena }: TestMember, step: number, held: HeldResult): void {
  const { bytes, ...facts } = expectedOf(step);
  expect(held).toMatchObject({ step, ...facts, finite: true });
  expect(Buffer.from(arena.bytesAt(held.address, elements * 4)).equals(bytes)).toBe(true);
}

/** What peers are still being told of is given back a moment after the end. */
async function expectNothingTaken(members: readonly TestMember[]): Promise<void> {
  for (let tries = 0; tries < 200 && members.some(({ arena }) => arena.taken > 0); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(members.map(({ arena }) => arena.taken)).toEqual(members.map(() => 0));
}

/** The leaves, cut at random and dealt to these members. */
function dealLeaves(random: () => number, ids: readonly string[]): [string, Subtree][] {
  const cut = (subtree: Subtree): Subtree[] => {
    if (subtree.leaves === 1 || random() < 0.3) return [subtree];
    const half = subtree.leaves / 2;
    return [...cut({ first: subtree.first, leaves: half }), ...cut({ first: subtree.first + half, leaves: half })];
  };
  return cut({ first: 0, leaves: virtualWorkers }).map((subtree) => [ids[floor(random() * ids.length)]!, subtree]);
}

describe.each(transports)('the exchange over %s', (_, kinds, isInPlace) => {
  it.each([1, 2, 3, 5, 8])('gives %i members the bits of one reducer, step after step, and leaks no vector', async (count) => {
    await using exchange = await TestExchange.start(count, { job, transports: kinds, isInPlace });
    const random = randomOf(seed + count);
    const ids = exchange.members.map(({ id }) => id);
    for (let step = 1; step <= 3; step++) {
      const leaves = dealLeaves(random, ids);
      const plan = testPlan(0, leaves, planChunks(6, ids));
      for (const { engine } of exchange.members) engine.begin({ step, chain: `chain${step}`, plan });
      for (const [id, subtree] of leaves) offer(exchange.members.find((member) => member.id === id)!, step, subtree);
      const held = await Promise.all(exchange.members.map(({ engine }) => engine.held(step)));
      held.forEach((result, index) => expectHeld(exchange.members[index]!, step, result));
      expect(new Set(held.map(({ digest }) => digest)).size).toBe(1);
      for (const { engine } of exchange.members) engine.commit(step);
    }
    for (const { engine } of exchange.members) engine.closeJob();
    await expectNothingTaken(exchange.members);
    expect(exchange.members.flatMap(({ troubles }) => troubles)).toEqual([]);
  });
});

describe.each(transports)('a member that computes nothing, over %s', (_, kinds, isInPlace) => {
  it('may own every block: the way around what two others cannot tell each other', async () => {
    await using exchange = await TestExchange.start(3, { job, transports: kinds, isInPlace });
    const [a, b, owner] = exchange.members as [TestMember, TestMember, TestMember];
    a.engine.setMembers([describeMember(owner)]);
    b.engine.setMembers([describeMember(owner)]);
    for (let step = 1; step <= 2; step++) {
      const plan = testPlan(0, [['m0', { first: 0, leaves: 4 }], ['m1', { first: 4, leaves: 2 }], ['m0', { first: 6, leaves: 2 }]], planChunks(6, ['m2']));
      for (const { engine } of exchange.members) engine.begin({ step, chain: '', plan });
      offer(a, step, { first: 0, leaves: 4 });
      offer(a, step, { first: 6, leaves: 2 });
      offer(b, step, { first: 4, leaves: 2 });
      const held = await Promise.all(exchange.members.map(({ engine }) => engine.held(step)));
      held.forEach((result, index) => expectHeld(exchange.members[index]!, step, result));
      for (const { engine } of exchange.members) engine.commit(step);
    }
    for (const { engine } of exchange.members) engine.closeJob();
    await expectNothingTaken(exchange.members);
  });
});

describe.each(transports)('members that vanish, over %s', (_, kinds, isInPlace) => {
  it.each([2, 3, 5, 8])('leave the bits of the step as they are, whenever they go: %i at first', async (count) => {
    const random = randomOf(seed + 100 * count);
    await using exchange = await TestExchange.start(count, { job, transports: kinds, isInPlace });
    const step = 1;
    const chain = 'c';
    let alive = [...exchange.members];
    const offered = new Set<string>();
    let generation = 0;
    const owners = () => alive.map(({ id }) => id);
    let leaves = dealLeaves(random, owners());
    const begin = () => {
      const plan = testPlan(generation++, leaves, planChunks(6, owners().sort(() => random() - 0.5)));
      for (const { engine } of alive) engine.begin({ step, chain, plan });
    };
    const offerSome = (share: number) => {
      for (const [id, subtree] of leaves) {
        const key = `${id} ${subtree.first}+${subtree.leaves}`;
        if (offered.has(key) || random() > share) continue;
        offered.add(key);
        offer(alive.find((member) => member.id === id)!, step, subtree);
      }
    };
    begin();
    let lost = 0;
    while (alive.length > 1) {
      offerSome(0.5);
      // As far as the exchange gets in some turns of the event loop: now before, now in the middle of the data.
      for (let turns = Math.floor(random() * 30); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      const gone = alive[Math.floor(random() * alive.length)]!;
      await gone.engine[Symbol.asyncDispose]();
      lost++;
      alive = alive.filter((member) => member !== gone);
      leaves = leaves.map(([id, subtree]) => [id === gone.id ? owners()[Math.floor(random() * alive.length)]! : id, subtree]);
      exchange.meet(alive);
      begin();
      if (random() < 0.5 && alive.length > 1) break;
    }
    offerSome(1);
    const held = await Promise.all(alive.map(({ engine }) => engine.held(step)));
    held.forEach((result, index) => expectHeld(alive[index]!, step, result));
    expect(new Set(held.map(({ digest }) => digest)).size).toBe(1);
    expect(lost).toBeGreaterThan(0);
    for (const { engine } of alive) engine.commit(step);
    for (const { engine } of alive) engine.closeJob();
    await expectNothingTaken(exchange.members);
  });
});

describe('results of committed steps', () => {
  it('are pulled by who joins, from all who hold them, until the budget drops them', async () => {
    const small = { ...job, resultBudgetBytes: 2 * elements * 4 };
    await using exchange = await TestExchange.start(3, { job: small, transports: ['tcp'] });
    const [a, b, joiner] = exchange.members as [TestMember, TestMember, TestMember];
    for (let step = 1; step <= 3; step++) {
      const plan = testPlan(0, [['m0', { first: 0, leaves: 4 }], ['m1', { first: 4, leaves: 4 }]], planChunks(6, ['m0', 'm1']));
      for (const { engine } of [a, b]) engine.begin({ step, chain: '', plan });
      offer(a, step, { first: 0, leaves: 4 });
      offer(b, step, { first: 4, leaves: 4 });
      await Promise.all([a, b].map(({ engine }) => engine.held(step)));
      for (const { engine } of [a, b]) engine.commit(step);
    }
    await expect(joiner.engine.pullResult(['m0', 'm1'], 1, '')).rejects.toMatchObject({ code: 'content_missing' });
    expectHeld(joiner, 3, await joiner.engine.pullResult(['m0', 'm1'], 3, ''));
    expectHeld(joiner, 2, await joiner.engine.pullResult(['m1', 'm0'], 2, ''));
    for (const { engine } of exchange.members) engine.closeJob();
    await expectNothingTaken(exchange.members);
  });
});

describe('raw parts', () => {
  it('arrive as they are, from the offset on; what was dropped is missed at once or waited for', async () => {
    await using exchange = await TestExchange.start(2, { job });
    const [a, b] = exchange.members as [TestMember, TestMember];
    const bytes = Buffer.from(Float32Array.from({ length: 600_000 }, (_, i) => i).buffer);
    a.engine.put('state', [bytes.subarray(0, 10), bytes.subarray(10, 2_000_001), bytes.subarray(2_000_001)]);
    const into = new Uint8Array(new SharedArrayBuffer(bytes.byteLength - 7));
    await b.engine.pullPart('m0', 'state', 7, into);
    expect(Buffer.from(into).equals(bytes.subarray(7))).toBe(true);
    await expect(b.engine.pullPart('m0', 'state', 7, new Uint8Array(bytes.byteLength))).rejects.toMatchObject({ code: 'invalid_argument' });
  });
});
