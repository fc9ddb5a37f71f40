import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { planChunks } from '@langevin/cluster-core';
import type { ExchangePlan, Subtree } from '@langevin/cluster-core';
import { finishGradient } from '../finish-gradient.js';
import { addPartials } from '../partial-sum.js';
import type { PartialSum } from '../partial-sum.js';
import { pageMapper } from '../page-mapper.js';
import { TreeReducer } from '../tree-reducer.js';
import { VectorArena } from '../vector-arena.js';
import { sharedMemoryFolder } from './shared-memory-files.js';
import { testPlan } from './testing/exchange-cluster.js';

const elements = 6 * 65_536 + 11;
const job = { job: 'job', elements, virtualWorkers: 4 };
const ids = ['m0', 'm1', 'm2'];
const factorOf = (step: number, leaf: number): number => step + leaf / 3;
const leaf = (first: number): Subtree => ({ first, leaves: 1 });

/** A member in a process of its own, which can be killed. */
class MemberProcess implements AsyncDisposable {
  readonly child;
  readonly #lines: AsyncIterator<string>;

  constructor(id: string, transport: string) {
    this.child = spawn(process.execPath, [join(__dirname, 'testing/member-process.mjs'), JSON.stringify({ id, job, transports: [transport] })], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  tell(order: object): void {
    this.child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  async read(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the member has ended');
    return JSON.parse(value as string) as Record<string, unknown>;
  }

  offer(step: number, first: number): Promise<Record<string, unknown>> {
    this.tell({ offer: { step, subtree: leaf(first), factor: factorOf(step, first), weightSum: 2, lossSum: first } });
    return this.read();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.stdin.end();
    await once(this.child, 'exit');
  }
}

/** What one reducer makes of the step. */
function expectedOf(step: number): { content: string; norm: number; loss: number; weightSum: number } {
  const arena = new VectorArena(elements);
  const tree = new TreeReducer<PartialSum>(4, addPartials);
  let sum: PartialSum | undefined;
  for (let first = 0; first < 4; first++) {
    const gradient = arena.takeCopy(Float32Array.from({ length: elements }, (_, index) => (index % 1000) * factorOf(step, first)));
    sum = tree.add(leaf(first), { gradient, weightSum: 2, lossSum: first });
  }
  const { gradient, norm, loss } = finishGradient(sum!); // All leaves were added.
  return { content: createHash('sha256').update(gradient.bytes).digest('hex'), norm, loss, weightSum: 8 };
}

async function start(transport: string): Promise<[MemberProcess, MemberProcess, MemberProcess]> {
  const members = ids.map((id) => new MemberProcess(id, transport));
  const described = await Promise.all(members.map((member) => member.read()));
  for (const member of members) member.tell({ members: described });
  return members as [MemberProcess, MemberProcess, MemberProcess];
}

const plan = (generation: number, owners: readonly string[], ...leaves: readonly string[]): ExchangePlan =>
  testPlan(generation, leaves.map((id, first) => [id, leaf(first)]), planChunks(7, owners));

describe.each(['shm', 'tcp', 'grpc'])('processes that exchange over %s', (transport) => {
  it('get the same bits, also when one is killed after it has given its sums away', async () => {
    const [a, b, c] = await start(transport);
    await using _a = a;
    await using _b = b;
    await using _c = c;
    for (const member of [a, b, c]) member.tell({ begin: { step: 1, chain: '', plan: plan(0, ids, 'm0', 'm1', 'm2', 'm0') } });
    for (const [member, first] of [[a, 0], [b, 1], [c, 2], [a, 3]] as const) {
      expect(await member.offer(1, first)).toMatchObject({ isShared: transport === 'shm' && pageMapper() !== null });
    }
    for (const member of [a, b, c]) {
      member.tell({ held: 1 });
      expect(await member.read()).toMatchObject(expectedOf(1));
      member.tell({ commit: 1 });
    }

    // c offers and is killed once the others may be reading what it has.
    for (const member of [a, b, c]) member.tell({ begin: { step: 2, chain: '', plan: plan(0, ids, 'm0', 'm1', 'm2', 'm0') } });
    await c.offer(2, 2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    c.child.kill('SIGKILL');
    await once(c.child, 'exit');
    await a.offer(2, 0);
    await a.offer(2, 3);
    await a.offer(2, 2);
    await b.offer(2, 1);
    for (const member of [a, b]) member.tell({ begin: { step: 2, chain: '', plan: plan(1, ['m0', 'm1'], 'm0', 'm1', 'm0', 'm0') } });
    const results = [];
    for (const member of [a, b]) {
      member.tell({ held: 2 });
      results.push(await member.read());
    }
    const expected = expectedOf(2);
    expect(results).toEqual([expect.objectContaining(expected), expect.objectContaining(expected)]);
    expect(results[0]!['digest']).toBe(results[1]!['digest']);
  });
});

describe('shared memory of processes', () => {
  it('goes with them', async () => {
    const pids = [];
    {
      const [a, b, c] = await start('shm');
      await using _a = a;
      await using _b = b;
      await using _c = c;
      for (const { child } of [a, b, c]) pids.push(child.pid);
      expect(filesOf(pids).length).toBeGreaterThanOrEqual(6);
    }
    expect(filesOf(pids)).toEqual([]);
  });
});

function filesOf(pids: readonly (number | undefined)[]): string[] {
  return readdirSync(sharedMemoryFolder).filter((file) => pids.some((pid) => file.includes(`-${pid}-`)));
}
