import { join } from 'node:path';
import { planChunks } from '@langevin/cluster-core';
import type { LangevinError } from '@langevin/contracts';
import { VectorArena } from '../vector-arena.js';
import type { ExchangeHost } from './exchange-host.js';
import type { ExchangeOptions } from './exchange-options.js';
import { testPlan } from './testing/exchange-cluster.js';

// Its thread runs what was built: a worker knows no TypeScript.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const built = require(join(__dirname, '../../dist/exchange/exchange-host.js')) as { ExchangeHost: typeof ExchangeHost };
const job = { job: 'job', elements: 100_000, virtualWorkers: 2 };

async function start(id: string, change: Partial<ExchangeOptions> = {}) {
  const failures: LangevinError[] = [];
  const host = await built.ExchangeHost.start({
    cluster: 'test',
    term: 1,
    self: { id, name: id, incarnation: '1' },
    token: 'token',
    listen: { host: '127.0.0.1', port: 0 },
    onTrouble: () => undefined,
    onRecovered: () => undefined,
    onFailed: (error) => void failures.push(error),
    ...change,
  });
  return { id, host, failures, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

const meet = (...members: { id: string; host: ExchangeHost }[]): void => {
  const described = members.map(({ id, host }) => ({ id, name: id, incarnation: '1', ...host.endpoints }));
  for (const { host } of members) host.setMembers(described);
};

describe('the host of an exchange thread', () => {
  it('reduces, lets results be read from its arena, and carries states', async () => {
    await using a = await start('a');
    await using b = await start('b');
    const arenas = [a, b].map(({ host }) => VectorArena.attach(host.openJob(job)));
    meet(a, b);
    const plan = testPlan(0, [['a', { first: 0, leaves: 1 }], ['b', { first: 1, leaves: 1 }]], planChunks(2, ['a', 'b']));
    for (const [first, { host }] of [a, b].entries()) {
      host.begin({ step: 1, chain: '', plan });
      const { address } = arenas[first]!.takeCopy(new Float32Array(job.elements).fill(first + 1));
      host.offer({ step: 1, subtree: { first, leaves: 1 }, address, weightSum: 1, lossSum: 1 });
    }
    for (const [index, { host }] of [a, b].entries()) {
      const held = await host.held(1);
      expect(held).toMatchObject({ step: 1, finite: true, weightSum: 2, loss: 1 });
      expect(arenas[index]!.vectorAt(held.address).floats.every((value) => value === 1.5)).toBe(true);
      host.commit(1);
    }
    a.host.put('state', [Buffer.from('abc')]);
    const into = new Uint8Array(new SharedArrayBuffer(2));
    await b.host.pullPart('a', 'state', 1, 2, into);
    expect(Buffer.from(into).toString()).toBe('bc');
    a.host.drop('state');
    expect([a, b].flatMap(({ failures }) => failures)).toEqual([]);
  });

  it('rejects what waits for a job that is closed or replaced, and tells of what cannot be', async () => {
    await using a = await start('a');
    a.host.commit(1);
    a.host.openJob(job);
    a.host.begin({ step: 1, chain: '', plan: testPlan(0, [['b', { first: 0, leaves: 2 }]], planChunks(2, ['b'])) });
    const held = a.host.held(1);
    a.host.closeJob();
    await expect(held).rejects.toMatchObject({ code: 'cancelled' });
    await expect(a.host.held(1)).rejects.toMatchObject({ code: 'job_unknown' });
    expect(a.failures).toEqual([expect.objectContaining({ code: 'job_unknown' })]);
    await expect(a.host.pullPart('b', 'state', 0, 3, new Uint8Array(new SharedArrayBuffer(2)))).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('does not start where somebody listens, and ends what waits when it is stopped', async () => {
    const a = await start('a', { transports: ['tcp'] });
    const port = Number(a.host.endpoints.tcp!.split(':')[1]);
    await expect(start('b', { transports: ['tcp'], listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({ code: 'address_in_use', message: `port ${port} of 127.0.0.1 is taken: choose another one with --exchange-port` });
    const pulled = expect(a.host.pullPart('nobody', 'state', 0, 2, new Uint8Array(new SharedArrayBuffer(2)))).rejects.toMatchObject({ code: 'cancelled' });
    await a.host[Symbol.asyncDispose]();
    await pulled;
    await expect(a.host.held(1)).rejects.toMatchObject({ code: 'cancelled' });
    expect(a.failures).toEqual([]);
  });
});
