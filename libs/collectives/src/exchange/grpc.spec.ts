import { once } from 'node:events';
import { connect as dial, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { planChunks } from '@langevin/cluster-core';
import { connect } from '@langevin/rpc';
import type { PartPiece__Output, PullPartRequest } from '@langevin/rpc';
import { RawPiece } from './raw-piece.js';
import { describeMember, TestExchange, testPlan, testToken } from './testing/exchange-cluster.js';
import type { TestMember } from './testing/exchange-cluster.js';
import { startRelay } from './testing/relay.js';

const job = { job: 'job', elements: 1000, virtualWorkers: 2 };
const bytes = Buffer.alloc(700_001, Buffer.from('some bytes of a state'));
const asked = { cluster: 'test', term: 1, memberId: 'm1', part: 'raw state', offset: 0, length: bytes.byteLength };

/** The first piece of what is asked for, or the error of the call. */
async function firstPiece(address: string, request: PullPartRequest, token = testToken): Promise<PartPiece__Output> {
  using client = connect(address, token, 'Transfer', { peerName: 'm0' });
  const call = client.pullPart(request);
  try {
    // Object streams of grpc-js are typed as byte streams when iterated.
    for await (const piece of call as AsyncIterable<PartPiece__Output>) return piece;
    throw new Error('the call has ended without a piece');
  } finally {
    call.on('error', () => undefined);
    call.cancel();
  }
}

describe('PullPart', () => {
  it.each<[string, PullPartRequest, string | undefined, number]>([
    ['with a wrong token', asked, 'wrong', 16],
    ['of another cluster', { ...asked, cluster: 'other' }, undefined, 7],
    ['of another term', { ...asked, term: 2 }, undefined, 7],
    ['of no term', { ...asked, term: 0 }, undefined, 7],
    ['for more than there is', { ...asked, length: bytes.byteLength + 1 }, undefined, 3],
    ['from behind the end', { ...asked, offset: 2 ** 52, length: 5 }, undefined, 3],
    ['that is too long to be one', { ...asked, part: 'x'.repeat(300_000) }, undefined, 8],
  ])('%s is refused with the status of gRPC, and others are served', async (_, request, token, code) => {
    await using exchange = await TestExchange.start(2, { job, transports: ['grpc'] });
    const [server, client] = exchange.members as [TestMember, TestMember];
    server.engine.put('state', [bytes]);
    await expect(firstPiece(server.engine.endpoints.grpc!, request, token)).rejects.toMatchObject({ code });
    const into = new Uint8Array(bytes.byteLength);
    await client.engine.pullPart('m0', 'state', 0, into);
    expect(bytes.equals(into)).toBe(true);
  });

  it('brings what its caller reads with the generated types, though it is written without them', async () => {
    await using exchange = await TestExchange.start(1, { job, transports: ['grpc'] });
    const { engine } = exchange.members[0]!;
    engine.put('state', [bytes]);
    const piece = await firstPiece(engine.endpoints.grpc!, { ...asked, offset: 300, length: 1000 });
    expect(piece).toMatchObject({ offset: '300', flags: 0, meta: Buffer.alloc(0) });
    expect(piece.data.equals(bytes.subarray(300, 1300))).toBe(true);
  });

  it('whose caller vanishes without a word is cut off like any link that is silent: what it has not read is kept for nobody', async () => {
    await using exchange = await TestExchange.start(1, { job, transports: ['grpc'] });
    const { engine } = exchange.members[0]!;
    engine.put('state', [bytes]);
    const far = dial({ port: Number(engine.endpoints.grpc!.split(':')[1]), host: '127.0.0.1' });
    const relay = createServer((near) => {
      near.on('error', () => undefined);
      near.pipe(far, { end: false });
      far.pipe(near);
      relay.once('vanish', () => {
        far.unpipe(near).resume();
        near.destroy();
      });
    }).listen(0, '127.0.0.1');
    await once(relay, 'listening');
    await firstPiece(`127.0.0.1:${(relay.address() as AddressInfo).port}`, asked);
    relay.emit('vanish');
    await once(far, 'close');
    relay.close();
  });

  it('that waits for what never comes ends with its caller, and keeps nothing', async () => {
    await using exchange = await TestExchange.start(2, { job, transports: ['grpc'] });
    const [server] = exchange.members as [TestMember, TestMember];
    using client = connect(server.engine.endpoints.grpc!, testToken, 'Transfer', { peerName: 'm0' });
    for (let index = 0; index < 50; index++) {
      const call = client.pullPart({ ...asked, part: `raw nothing ${index}` });
      call.on('error', () => undefined);
      setTimeout(() => call.cancel(), 20);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.troubles).toEqual([]);
    expect(describeMember(server).grpc).toMatch(/:\d+$/);
  });
});

describe('a link over gRPC', () => {
  it('that is made anew asks for nothing more of what has come as a whole and is not read yet', async () => {
    await using exchange = await TestExchange.start(2, { job, transports: ['grpc'] });
    const [m0, m1] = exchange.members as [TestMember, TestMember];
    const sockets = new Set<Socket>();
    let sent = 0;
    await using relay = await startRelay(m0.engine.endpoints.grpc!, (chunk, _, socket) => {
      sockets.add(socket);
      sent += chunk.byteLength;
      return chunk;
    });
    m1.engine.setMembers([{ ...describeMember(m0), grpc: relay.address }, describeMember(m1)]);
    const offer = ({ engine, arena }: TestMember, first: number): void => {
      const gradient = arena.takeCopy(new Float32Array(job.elements).fill(first + 1));
      engine.offer({ step: 1, subtree: { first, leaves: 1 }, address: gradient.address, weightSum: 1, lossSum: 1 });
    };
    const plan = testPlan(
      0,
      [
        ['m0', { first: 0, leaves: 1 }],
        ['m1', { first: 1, leaves: 1 }],
      ],
      planChunks(1, ['m1']),
    );
    for (const { engine } of exchange.members) engine.begin({ step: 1, chain: '', plan });
    offer(m0, 0);
    while (sent < job.elements * 4) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const socket of sockets) socket.destroy();
    while (relay.connections() < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 500));
    offer(m1, 1);
    const [first, second] = await Promise.all(exchange.members.map(({ engine }) => engine.held(1)));
    expect(first!.digest).toBe(second!.digest);
    expect([...m0.troubles, ...m1.troubles]).toEqual([]);
  });
});

describe('a raw piece', () => {
  it('has the numbers of protobuf, of any size', () => {
    const piece = new RawPiece({ bytes: Buffer.from('ab'), meta: Buffer.from('c'), flags: 1, sum: 0xdeadbeef }, 2 ** 40 + 300);
    const written = Buffer.alloc(piece.byteLength + 3);
    piece.copy(written, 3);
    // offset = 2⁴⁰ + 300, meta = c, flags = 1, checksum, data = ab
    expect(written.subarray(3).toString('hex')).toBe('10ac8280808020' + '1a0163' + '2001' + '2defbeadde' + '0a026162');
  });
});
