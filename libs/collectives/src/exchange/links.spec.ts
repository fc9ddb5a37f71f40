import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import fc from 'fast-check';
import { decodeHeader, encodeFrame, FrameType, headerBytes } from './frame.js';
import { ownMemoryName, removeDeadMemory, sharedMemoryFolder } from './shared-memory-files.js';
import { describeMember, TestExchange, testToken } from './testing/exchange-cluster.js';
import type { TestMember } from './testing/exchange-cluster.js';
import { startRelay } from './testing/relay.js';
import type { Harm } from './testing/relay.js';

const seed = Number(process.env['EXCHANGE_SEED'] ?? 20272);
const job = { job: 'job', elements: 1000, virtualWorkers: 2 };
const bytes = Buffer.alloc(9_000_000, Buffer.from('some bytes of a state'));
const greeting = { cluster: 'test', term: 1, id: 'stranger', name: 'a stranger', incarnation: '1', token: testToken };
const hello = (change: object = {}) => encodeFrame({ type: FrameType.hello }, 0, Buffer.from(JSON.stringify({ ...greeting, ...change })));

/** Sends bytes to a member and reads until it hangs up, or for a moment. */
async function say(address: string, sent: Uint8Array, waitMs = 2000): Promise<Buffer> {
  const [host, port] = address.split(':') as [string, string];
  const socket = connect({ host, port: Number(port) });
  const got: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => got.push(chunk));
  socket.write(sent);
  await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, waitMs).unref())]);
  socket.destroy();
  return Buffer.concat(got);
}

/** The code that a frame of this type gives as its reason, of what was read. */
function refusalOf(read: Buffer, type: number = FrameType.refuse): unknown {
  let [at, sequence] = [0, 0];
  while (at < read.byteLength) {
    const frame = decodeHeader(read.subarray(at, at + headerBytes), sequence++);
    const meta = read.subarray(at + headerBytes, at + headerBytes + frame.metaBytes);
    if (frame.type === type) return JSON.parse(meta.toString()).code;
    at += headerBytes + frame.metaBytes + frame.bodyBytes;
  }
  return undefined;
}

async function expectServes([server, client]: readonly TestMember[]): Promise<void> {
  const into = new Uint8Array(bytes.byteLength);
  server!.engine.put('state', [bytes]);
  await client!.engine.pullPart(server!.id, 'state', 0, into);
  expect(Buffer.from(into).equals(bytes)).toBe(true);
}

describe('a connection', () => {
  const twice = Buffer.concat([hello(), hello()]);
  const tooLong = hello();
  tooLong.writeUInt32LE(2 ** 30, 12);
  const oldVersion = hello();
  oldVersion.writeUInt16LE(9, 4);
  it.each<[string, Uint8Array, string]>([
    ['with a wrong token', hello({ token: 'other' }), 'unauthenticated'],
    ['with no token', hello({ token: undefined }), 'unauthenticated'],
    ['of another cluster', hello({ cluster: 'other' }), 'access_denied'],
    ['of another term', hello({ term: 2 }), 'access_denied'],
    ['of nobody', hello({ id: 7 }), 'invalid_argument'],
    ['of another life of a member', hello({ id: 'm1', incarnation: 'm1.0' }), 'trainer_lost'],
    ['that says nothing intelligible', Buffer.from('GET / HTTP/1.1\r\n'.repeat(8)), 'invalid_argument'],
    ['whose first frame is played again', twice, 'invalid_argument'],
    ['whose header was damaged', tooLong, 'object_corrupt'],
    ['of another version', oldVersion, 'version_mismatch'],
    ['that asks before it greets', encodeFrame({ type: FrameType.pull, id: 1, length: 5 }, 0, Buffer.from('x')), 'invalid_argument'],
    ['whose description is too long', encodeFrame({ type: FrameType.hello }, 0, Buffer.alloc(70_000)), 'invalid_argument'],
    ['whose content is too long', Buffer.concat([hello(), encodeFrame({ type: FrameType.data, bodyBytes: 2 ** 30 }, 1)]), 'invalid_argument'],
    ['that greets twice', Buffer.concat([hello(), encodeFrame({ type: FrameType.welcome }, 1)]), 'invalid_argument'],
  ])('%s is refused, and others are served', async (_, sent, code) => {
    await using exchange = await TestExchange.start(2, { job, transports: ['tcp'] });
    expect(refusalOf(await say(exchange.members[0]!.engine.endpoints.tcp!, sent))).toBe(code);
    await expectServes(exchange.members);
  });

  it.each([
    [5, 0],
    [Number.MAX_SAFE_INTEGER, 5],
  ])('that asks for what no part can have, from byte %i on %i, is told so', async (offset, length) => {
    await using exchange = await TestExchange.start(1, { job, transports: ['tcp'] });
    const asks = encodeFrame({ type: FrameType.pull, id: 1, offset, length }, 1, Buffer.from('raw state'));
    expect(refusalOf(await say(exchange.members[0]!.engine.endpoints.tcp!, Buffer.concat([hello(), asks]), 300), FrameType.failed)).toBe('invalid_argument');
  });

  it('that breaks off anywhere, or is damaged anywhere, harms nobody', async () => {
    await using exchange = await TestExchange.start(2, { job, transports: ['tcp'] });
    const address = exchange.members[0]!.engine.endpoints.tcp!;
    exchange.members[0]!.engine.put('state', [bytes]);
    const session = Buffer.concat([
      hello(),
      encodeFrame({ type: FrameType.pull, id: 1, offset: 5, length: 2_000_000 }, 1, Buffer.from('raw state')),
      encodeFrame({ type: FrameType.ping }, 2),
      encodeFrame({ type: FrameType.segment }, 3, Buffer.from('{"file":"langevin-1-1-1-a.arena","nonce":""}')),
      encodeFrame({ type: FrameType.done, id: 1 }, 4),
    ]);
    const damaged = fc.record({ length: fc.nat(session.byteLength), at: fc.nat(session.byteLength - 1), flip: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), async (what) => {
        const sent = what instanceof Uint8Array ? what : Buffer.from(session.subarray(0, what.length)).map((byte, index) => (index === what.at ? byte ^ what.flip : byte));
        await say(address, sent, 5);
      }),
      { seed, numRuns: 150 },
    );
    await expectServes(exchange.members);
  });
});

describe('a link', () => {
  /** Puts a relay before member 0 and has member 1 pull through it. */
  async function pullThrough(harm: Harm, use: (members: readonly [TestMember, TestMember], connections: () => number) => Promise<void>): Promise<void> {
    await using exchange = await TestExchange.start(2, { job, transports: ['tcp'], options: (index) => (index === 1 ? { listen: undefined } : {}) });
    const [server, client] = exchange.members as [TestMember, TestMember];
    await using relay = await startRelay(server.engine.endpoints.tcp!, harm);
    client.engine.setMembers([{ ...describeMember(server), tcp: relay.address }]);
    server.engine.setMembers([describeMember(client)]);
    await use([server, client], relay.connections);
  }

  it('that only one side can dial serves both', async () => {
    await using exchange = await TestExchange.start(2, { job, transports: ['tcp'], options: (index) => (index === 1 ? { listen: undefined } : {}) });
    const [server, client] = exchange.members as [TestMember, TestMember];
    expect(client.engine.endpoints).toEqual({ tcp: null, shm: null, grpc: null });
    await expectServes([server, client]);
    await expectServes([client, server]);
  });

  it('goes on where it was when the connection breaks in the middle of a pull', async () => {
    const broken = new Set<unknown>();
    const harm: Harm = (chunk, sentBefore, socket) => {
      if (broken.size < 2 && sentBefore > 700_000 && !broken.has(socket)) {
        broken.add(socket);
        setImmediate(() => socket.destroy());
      }
      return chunk;
    };
    await pullThrough(harm, async ([server, client], connections) => {
      await expectServes([server, client]);
      expect(broken.size).toBe(2);
      expect(connections()).toBeGreaterThanOrEqual(3);
      expect(client.troubles[0]).toMatchObject({ memberId: 'm0', code: 'unavailable' });
      expect(client.recovered).toContain('m0');
    });
  });

  it('is made anew when it breaks once, and nobody is told', async () => {
    const broken = new Set<unknown>();
    const harm: Harm = (chunk, sentBefore, socket) => {
      if (broken.size === 0 && sentBefore > 700_000) {
        broken.add(socket);
        setImmediate(() => socket.destroy());
      }
      return chunk;
    };
    await pullThrough(harm, async ([server, client], connections) => {
      await expectServes([server, client]);
      expect(connections()).toBeGreaterThanOrEqual(2);
      expect([...client.troubles, ...server.troubles]).toEqual([]);
    });
  });

  it('asks again for what came corrupt, and names who sends it twice', async () => {
    let flips = Infinity;
    const harm: Harm = (chunk, sentBefore) => {
      const harmed = Buffer.from(chunk);
      // Well within a chunk, which most likely is in the middle of a body: a body has 262144 bytes.
      for (let at = 5000; at < chunk.byteLength && sentBefore > 600_000 && flips > 0; at += 60_000, flips--) harmed[at]! ^= 1;
      return harmed;
    };
    flips = 1;
    await pullThrough(harm, async ([server, client]) => {
      await expectServes([server, client]);
      expect(flips).toBe(0);
      expect(client.troubles).toEqual([]);
    });
    flips = Infinity;
    await pullThrough(harm, async ([server, client]) => {
      const served = expectServes([server, client]);
      while (client.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      flips = 0;
      await served;
      expect(client.troubles[0]).toMatchObject({ memberId: 'm0', code: 'object_corrupt' });
    });
  });

  it('over which nothing comes any more is broken within three seconds', async () => {
    let isSilent = false;
    const harm: Harm = (chunk) => (isSilent ? Buffer.alloc(0) : chunk);
    await pullThrough(harm, async ([server, client]) => {
      await expectServes([server, client]);
      isSilent = true;
      const startMs = performance.now();
      while (client.troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(performance.now() - startMs).toBeLessThan(3500);
      expect(client.troubles[0]).toMatchObject({ memberId: 'm0', problem: expect.stringMatching(/no sign of life/), code: 'unavailable' });
      // Whoever heard it may have forgotten.
      while (client.troubles.length === 1) await new Promise((resolve) => setTimeout(resolve, 50));
    });
  });
});

describe('shared memory', () => {
  it('of a member that leaves, or begins another life, is in no trouble any more', async () => {
    await using exchange = await TestExchange.start(3, { job, transports: ['tcp'] });
    const [m0, m1, m2] = exchange.members as [TestMember, TestMember, TestMember];
    await expectServes([m0, m2]);
    await expectServes([m1, m2]);
    await Promise.all([m0.engine[Symbol.asyncDispose](), m1.engine[Symbol.asyncDispose]()]);
    while (m2.troubles.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    m2.engine.setMembers([{ ...describeMember(m1), incarnation: 'm1.2' }, describeMember(m2)]);
    expect(m2.recovered).toEqual(['m0', 'm1']);
    // Nobody listens there: that is trouble of the new life.
    while (m2.troubles.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(m2.troubles[2]!.memberId).toBe('m1');
  });

  it('leaves nothing behind', async () => {
    const own = () => readdirSync(sharedMemoryFolder).filter((file) => file.includes(`-${process.pid}-`));
    {
      await using exchange = await TestExchange.start(2, { job });
      await expectServes(exchange.members);
      expect(own()).toHaveLength(4);
    }
    expect(own()).toEqual([]);
  });

  it('of a process that was killed is removed by the next one that starts; that of living ones is not', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const started = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];
    const file = `${sharedMemoryFolder}/${ownMemoryName('arena').replace(/^(langevin-\d+)-\d+-\d+/, `$1-${child.pid}-${started}`)}`;
    writeFileSync(file, 'left behind');
    removeDeadMemory();
    expect(existsSync(file)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    removeDeadMemory();
    expect(existsSync(file)).toBe(false);
  });
});
