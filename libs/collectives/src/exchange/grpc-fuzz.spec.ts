import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect, startServer, type PullPartRequest, type RpcClient, type RunningServer } from '@langevin/rpc';
import { framed, grpcStatus as status, RawGrpc } from '@langevin/testing';
import fc from 'fast-check';
import { partService } from './grpc-service.js';
import type { Part } from './part.js';
import { RawPart } from './raw-part.js';
import { Shelf, type Waiter } from './shelf.js';

jest.setTimeout(60_000);

const methods = [
  'langevin.v1.Transfer/PullPart',
  'langevin.v1.Transfer/Pull',
  'grpc.health.v1.Health/Check',
  'grpc.health.v1.Health/Watch',
] as const;
const token = 'token-of-the-test';
const bytes = Buffer.alloc(300_001, Buffer.from('some bytes of a state'));
const asked = { cluster: 'test', term: 1, memberId: 'm1', part: 'raw state', offset: 0, length: bytes.byteLength };

/** Knows who waits. */
class CountingShelf extends Shelf {
  readonly watchers = new Set<Waiter>();

  override watch(name: string, waiter: Waiter): void {
    this.watchers.add(waiter);
    super.watch(name, waiter);
  }

  override unwatch(name: string, waiter: Waiter): void {
    this.watchers.delete(waiter);
    super.unwatch(name, waiter);
  }
}

/** Counts who needs it. */
class CountingPart extends RawPart implements Part {
  pins = 0;

  override pin(): void {
    this.pins++;
  }

  override unpin(): void {
    this.pins--;
  }
}

const shelf = new CountingShelf();
const part = new CountingPart([bytes]);
let term = 1;
let server: RunningServer;
let raw: RawGrpc;
let client: RpcClient<'Transfer'>;
beforeAll(async () => {
  shelf.put('raw state', part);
  server = await startServer({
    port: 0,
    token,
    services: {
      Transfer: partService(shelf, () => ({ cluster: 'test', term, token, self: { id: 'm0', name: 'm0', incarnation: 'm0.1' } })),
    },
    closeLimitMs: 0,
  });
  raw = new RawGrpc(server.address);
  client = connect(server.address, token, 'Transfer', { peerName: 'm0' });
});
afterAll(async () => {
  client.close();
  raw[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** What a call ends with that is given up when it has brought so many bytes, or after 20 ms where it is to bring none; and the bytes that it brought. */
function pull(request: PullPartRequest, wanted: number): Promise<{ code: number; got: number }> {
  return new Promise((resolve) => {
    const call = client.pullPart(request);
    let got = 0;
    const timer = wanted === 0 ? setTimeout(() => call.cancel(), 20) : undefined;
    call.on('data', ({ data }: { data: Buffer }) => {
      got += data.byteLength;
      if (got >= wanted) call.cancel();
    });
    call.on('error', () => undefined);
    call.on('status', ({ code }) => {
      clearTimeout(timer);
      resolve({ code, got });
    });
  });
}

/** It still does what it is for, and holds nothing for anybody who has gone. */
async function serves(): Promise<void> {
  expect(await pull(asked, bytes.byteLength)).toEqual({ code: status.cancelled, got: bytes.byteLength });
  for (let tries = 0; tries < 100 && (shelf.watchers.size > 0 || part.pins > 0); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect({ watchers: shelf.watchers.size, pins: part.pins }).toEqual({ watchers: 0, pins: 0 });
}

describe.each(methods)('%s of a trainer', (method) => {
  it('is refused without a token, and with another', async () => {
    for (const other of [null, '', `${token}x`])
      expect(await raw.call(method, framed(Buffer.alloc(0)), { token: other })).toBe(status.unauthenticated);
  });

  it('refuses a message that is too large', async () => {
    expect(await raw.call(method, framed(Buffer.alloc(300 * 1024)), { token })).toBe(status.resourceExhausted);
    expect(await raw.call(method, framed(Buffer.alloc(10), 2 ** 32 - 1), { token })).toBe(status.resourceExhausted);
    await serves();
  });

  it('answers what is no message of its own with a status', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 400 }), async (body) => {
        // A tag of field 0 is no protocol buffer.
        const code = await raw.call(method, framed(Buffer.concat([Buffer.from([0x07]), body])), { token });
        expect([status.internal, status.invalidArgument]).toContain(code);
      }),
      { numRuns: 50, seed: 7 },
    );
    await serves();
  });

  it('survives a message that breaks off, one that never ends, and none', async () => {
    for (const body of [framed(Buffer.from('half'), 4000), Buffer.from([0, 0]), Buffer.alloc(0)]) {
      for (const ends of [true, false]) expect(await raw.call(method, body, { token, ends })).not.toBe(status.ok);
    }
    await serves();
  });
});

describe('PullPart', () => {
  it('answers any request with pieces or with a status, and forgets who has gone', async () => {
    const numbers = fc.oneof(fc.nat(bytes.byteLength + 1), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String));
    const request = fc.record({
      cluster: fc.oneof({ weight: 4, arbitrary: fc.constant('test') }, fc.string()),
      term: fc.oneof({ weight: 4, arbitrary: fc.constant<number | string>(1) }, numbers),
      memberId: fc.string(),
      part: fc.oneof({ weight: 4, arbitrary: fc.constant('raw state') }, fc.string({ minLength: 1 })),
      offset: numbers,
      length: numbers,
    });
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(request, async (any) => {
        const isOurs = any.cluster === 'test' && Number(any.term) === 1;
        const [isHere, length, end] = [any.part === 'raw state', Number(any.length), Number(any.offset) + Number(any.length)];
        // Of a part that is not there nothing comes until the caller goes.
        const isServed = isOurs && length > 0 && Number.isSafeInteger(end) && (!isHere || end <= bytes.byteLength);
        const wanted = !isServed ? Infinity : isHere ? length : 0;
        const { code, got } = await pull(any, wanted);
        seen.add(code);
        if (isServed) expect({ code, got }).toEqual({ code: status.cancelled, got: wanted });
        else expect({ code, got }).toEqual({ code: isOurs ? status.invalidArgument : status.permissionDenied, got: 0 });
      }),
      { numRuns: 200, seed: 3 },
    );
    expect(seen).toEqual(new Set([status.permissionDenied, status.invalidArgument, status.cancelled]));
    await serves();
  });

  it('serves a request that is played again as it did before, and keeps no more for it', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => pull(asked, bytes.byteLength)));
    expect(new Set(all.map(({ code, got }) => `${code} ${got}`))).toEqual(new Set([`${status.cancelled} ${bytes.byteLength}`]));
    await serves();
  });

  it('that was right once is refused when it is played again in a later term', async () => {
    expect(await pull(asked, bytes.byteLength)).toEqual({ code: status.cancelled, got: bytes.byteLength });
    term = 2;
    try {
      const all = await Promise.all(Array.from({ length: 20 }, () => pull(asked, Infinity)));
      expect(new Set(all.map(({ code, got }) => `${code} ${got}`))).toEqual(new Set([`${status.permissionDenied} 0`]));
    } finally {
      term = 1;
    }
    await serves();
  });
});

it('a method that a trainer does not have is unimplemented', async () => {
  for (const method of ['langevin.v1.Transfer/Push', 'langevin.v1.Jobs/List', 'langevin.v1.Cluster/Attach']) {
    expect(await raw.call(method, framed(Buffer.alloc(0)), { token })).toBe(status.unimplemented);
  }
});

it('a trainer keeps no memory of a thousand bad calls', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const heapAfter = async (rounds: number): Promise<number> => {
    for (let round = 0; round < rounds; round++) {
      await Promise.all([
        ...methods.map((method) => raw.call(method, framed(Buffer.from([0x07, round & 255])), { token })),
        pull({ ...asked, term: 9 }, Infinity),
        pull({ ...asked, length: 2 ** 40 }, Infinity),
      ]);
    }
    await serves();
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(30);
  expect((await heapAfter(170)) - before).toBeLessThan(4 * 1024 * 1024);
});
