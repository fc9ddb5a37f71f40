import fc from 'fast-check';
import { receive } from '@langevin/rpc';
import { framed, grpcStatus as status, RawGrpc, type RawCallOptions } from '@langevin/testing';
import { dotsJob, startTestCoordinator, testToken, type TestCoordinator } from './testing/test-coordinator.js';

jest.setTimeout(60_000);

/** Every RPC of a coordinator. */
const methods = [
  'langevin.v1.Cluster/Attach',
  ...['Submit', 'Resume', 'Fork', 'List', 'Get', 'Cancel', 'Watch', 'Trainers', 'Drain'].map((name) => `langevin.v1.Jobs/${name}`),
  'langevin.v1.Transfer/Pull',
] as const;

let coordinator: TestCoordinator;
let raw: RawGrpc;
beforeAll(async () => {
  coordinator = await startTestCoordinator();
  raw = new RawGrpc(coordinator.address);
});
afterAll(async () => {
  raw[Symbol.dispose]();
  await coordinator[Symbol.asyncDispose]();
});

/** What a call with a right token, or another, ends with. */
function call(method: string, body: Uint8Array, options: Partial<RawCallOptions> = {}): Promise<number | null> {
  return raw.call(method, body, { token: testToken, ...options });
}

/** It still does what it is for. */
async function serves(): Promise<void> {
  expect((await coordinator.jobs.list({})).jobs).toEqual([]);
  const trainer = await welcomed(`t${Math.random()}`);
  trainer.close();
  await trainer.ended;
}

/** A trainer that is let in, as soon as the coordinator lets anybody in. */
async function welcomed(name: string): Promise<Awaited<ReturnType<TestCoordinator['trainer']>>> {
  for (;;) {
    const trainer = await coordinator.trainer(name);
    const first = await Promise.race([trainer.next('welcome').catch(() => null), trainer.ended]);
    if (first && 'trainerId' in first) return trainer;
  }
}

describe.each(methods)('%s', (method) => {
  it('is refused without a token, and with another', async () => {
    expect(await call(method, framed(Buffer.alloc(0)), { token: null })).toBe(status.unauthenticated);
    expect(await call(method, framed(Buffer.alloc(0)), { token: `${testToken}x` })).toBe(status.unauthenticated);
    expect(await call(method, framed(Buffer.alloc(0)), { token: '' })).toBe(status.unauthenticated);
  });

  it('refuses a message that is too large', async () => {
    expect(await call(method, framed(Buffer.alloc(300 * 1024)))).toBe(status.resourceExhausted);
  });

  it('answers what is no message of its own with a status', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (bytes) => {
        // A tag of field 0 or of a wire type that does not exist is no protocol buffer.
        const code = await call(method, framed(Buffer.concat([Buffer.from([0x07]), bytes])));
        expect([status.internal, status.invalidArgument]).toContain(code);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('survives a message that breaks off, and one that never ends', async () => {
    const codes = [
      await call(method, framed(Buffer.from('half'), 4000)),
      await call(method, framed(Buffer.from('half'), 4000), { ends: false }),
      await call(method, Buffer.from([0, 0])),
      await call(method, Buffer.from([0, 0]), { ends: false }),
    ];
    for (const code of codes) expect(code).not.toBe(status.ok);
    await serves();
  });
});

describe('a stream of a trainer', () => {
  it('is refused with a term that this coordinator does not have, and from another cluster', async () => {
    const stray = await coordinator.trainer('stray', { cluster: 'another' });
    expect(await stray.ended).toMatchObject({ code: 'invalid_argument' });
    // The coordinator asks its store then whether it still is one.
    const ahead = await coordinator.trainer('ahead', { term: '7' });
    expect(await ahead.ended).toMatchObject({ code: 'unavailable' });
  });

  it('does nothing for what it says, once and again, of jobs that are not its own', async () => {
    const trainer = await welcomed('loud');
    const strange = { job: 'nobody', step: '3' };
    for (let time = 0; time < 3; time++) {
      trainer.send({ prepared: { ...strange, digest: 'd', finite: true } });
      trainer.send({ ready: { job: 'nobody', numerics: {} } });
      trainer.send({ stateReady: { ...strange, files: [] } });
      trainer.send({ failed: { job: 'nobody', code: 'internal', message: 'no' } });
      trainer.send({ trouble: { job: 'nobody', peer: 't1', problem: 'none' } });
      trainer.send({ stateFetched: strange });
      trainer.send({ fellBehind: strange });
      trainer.send({ checked: { ...strange, subtree: { first: 0, leaves: 1 }, digest: 'd' } });
    }
    const submitted = await coordinator.submit(dotsJob('quiet', { trainers: { min: 4 } }));
    expect(submitted).toMatchObject({ phase: 'JOB_PHASE_QUEUED' });
    await coordinator.jobs.cancel({ id: 'quiet' });
    for await (const job of receive(coordinator.jobs.watch({ id: 'quiet' }), coordinator.jobs.peer)) expect(job.phase).toBe('JOB_PHASE_CANCELLED');
  });
});

it('keeps nothing of a thousand bad calls', async () => {
  const rounds = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round++) await Promise.all(methods.map((method) => call(method, framed(Buffer.from([0x07, round & 255])))));
  };
  await rounds(20);
  globalThis.gc?.();
  const before = process.memoryUsage();
  await rounds(80);
  globalThis.gc?.();
  const after = process.memoryUsage();
  expect(after.heapUsed - before.heapUsed).toBeLessThan(24 * 1024 * 1024);
});
