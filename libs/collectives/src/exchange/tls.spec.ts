import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate } from '@langevin/certificates';
import { loadTls } from '@langevin/rpc';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { planChunks } from '@langevin/cluster-core';
import type { ExchangeTransport } from './exchange-member.js';
import { describeMember, TestExchange, testPlan } from './testing/exchange-cluster.js';
import type { TestMember } from './testing/exchange-cluster.js';

const now = new Date();
const elements = 3 * 65_536 + 5;
const job = { job: 'job', elements, virtualWorkers: 2 };
const bytes = Buffer.alloc(3_000_001, Buffer.from('some bytes of a state'));
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  await issueCertificate({ folder: at('m0'), hosts: [], days: 1, now });
  cpSync(at('m0'), at('m1'), { recursive: true });
  await issueCertificate({ folder: at('m1'), hosts: [], days: 1, now });
  await issueCertificate({ folder: at('stranger'), hosts: [], days: 1, now });
});
afterAll(() => folder[Symbol.asyncDispose]());

const at = (name: string): string => join(folder.path, name);
const tlsOf = (name: string) => loadTls(at(name), new Date());

async function expectSameMean([a, b]: readonly [TestMember, TestMember]): Promise<void> {
  const plan = testPlan(0, [['m0', { first: 0, leaves: 1 }], ['m1', { first: 1, leaves: 1 }]], planChunks(4, ['m0', 'm1']));
  for (const { engine } of [a, b]) engine.begin({ step: 1, chain: '', plan });
  [a, b].forEach(({ engine, arena }, first) => {
    const { address } = arena.takeCopy(new Float32Array(elements).fill(first + 1));
    engine.offer({ step: 1, subtree: { first, leaves: 1 }, address, weightSum: 1, lossSum: 1 });
  });
  for (const { engine, arena } of [a, b]) {
    const { floats } = arena.vectorAt((await engine.held(1)).address);
    expect(floats.every((value) => value === 1.5)).toBe(true);
  }
}

const encrypted: readonly ExchangeTransport[] = ['tcp', 'grpc'];
describe.each(encrypted)('%s with TLS', (transport) => {
  it('carries sums, results and states between members of one authority', async () => {
    await using exchange = await TestExchange.start(2, { job, transports: [transport], options: (index) => ({ tls: tlsOf(`m${index}`) }) });
    const [a, b] = exchange.members as [TestMember, TestMember];
    await expectSameMean([a, b]);
    a.engine.put('state', [bytes]);
    const into = new Uint8Array(bytes.byteLength);
    await b.engine.pullPart('m0', 'state', 0, into);
    expect(bytes.equals(into)).toBe(true);
  });

  it.each([
    ['of another authority', 'stranger'],
    ['without any', null],
  ])('turns a member away whose certificate is %s, and serves the others', async (_, certificate) => {
    const tls = (index: number) => (index < 2 ? { tls: tlsOf(`m${index}`) } : certificate === null ? {} : { tls: tlsOf(certificate) });
    await using exchange = await TestExchange.start(3, { job, transports: [transport], options: tls });
    const [a, b, stranger] = exchange.members as [TestMember, TestMember, TestMember];
    const into = new Uint8Array(new SharedArrayBuffer(5));
    a.engine.put('state', [bytes]);
    const pulled = stranger.engine.pullPart('m0', 'state', 0, into).then(() => 'pulled', () => 'refused');
    while (stranger.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(stranger.troubles[0]).toMatchObject({ memberId: expect.stringMatching(/^m[01]$/) });
    for (const { engine } of [a, b]) engine.setMembers([a, b].map(describeMember));
    await expectSameMean([a, b]);
    expect([...into]).toEqual([0, 0, 0, 0, 0]);
    await stranger.engine[Symbol.asyncDispose]();
    await Promise.race([pulled, new Promise((resolve) => setTimeout(resolve, 10))]);
  });
});
