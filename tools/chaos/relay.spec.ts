import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { FrameCutter, lengthPrefixed } from './frames.mjs';
import { startRelay } from './relay.mjs';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One end of a connection, and what happened to it. */
class End {
  readonly events: string[] = [];
  #received = Buffer.alloc(0);

  constructor(readonly socket: Socket) {
    socket.on('data', (piece: Buffer) => (this.#received = Buffer.concat([this.#received, piece])));
    socket.on('error', (error: NodeJS.ErrnoException) => this.events.push(error.code ?? error.message));
    socket.on('end', () => this.events.push('end'));
    socket.on('close', () => this.events.push('close'));
  }

  get received(): Buffer {
    return this.#received;
  }

  async until(holds: (end: this) => boolean, limitMs = 3000): Promise<void> {
    for (const giveUpAt = performance.now() + limitMs; !holds(this); await sleep(2)) {
      if (performance.now() > giveUpAt) throw new Error(`waited ${limitMs} ms; it has ${this.#received.length} bytes and ${this.events.join()}`);
    }
  }

  hears(bytes: number): Promise<void> {
    return this.until((end) => end.received.length >= bytes);
  }
}

/** A client and a server with a relay between them. */
async function joined(options: { framing?: Parameters<typeof startRelay>[0]['framing']; seed?: number } = {}) {
  const server = createServer({ allowHalfOpen: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const relay = await startRelay({ target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port }, ...options });
  const ends: End[] = [];
  const dial = async () => {
    const taken = once(server, 'connection');
    const client = new End(connect({ port: relay.port, host: '127.0.0.1', allowHalfOpen: true }));
    ends.push(client);
    return { client, taken: taken.then(([socket]: Socket[]) => (ends.push(new End(socket!)), ends.at(-1)!)) };
  };
  const first = await dial();
  const there = await first.taken;
  return {
    relay,
    client: first.client,
    server: there,
    dial,
    [Symbol.asyncDispose]: async () => {
      await relay.close();
      for (const { socket } of ends) socket.destroy();
      server.close();
    },
  };
}

const http2Frame = (type: number, payload: string) => Buffer.concat([Buffer.from([0, 0, payload.length, type, 0, 0, 0, 0, 1]), Buffer.from(payload)]);

describe('the relay', () => {
  it('passes everything on, both ways, and the end of it', async () => {
    await using both = await joined();
    const bytes = Buffer.alloc(3_000_000, 'langevin');
    both.client.socket.write(bytes);
    both.server.socket.end('short');
    await both.server.hears(bytes.length);
    await both.client.hears(5);
    expect(both.server.received.equals(bytes)).toBe(true);
    await both.client.until(({ events }) => events.includes('end'));
    both.client.socket.end();
    await both.server.until(({ events }) => events.includes('end') && events.includes('close'));
    expect(both.relay.counts).toMatchObject({ connections: 1, up: 3_000_000, down: 5, effects: {} });
  });

  it('breaks the other side off when one breaks off', async () => {
    await using both = await joined();
    both.server.socket.resetAndDestroy();
    await both.client.until(({ events }) => events.includes('close'));
    expect(both.client.events[0]).toBe('ECONNRESET');
  });

  it('resets both sides, once', async () => {
    await using both = await joined();
    both.relay.set({ kind: 'reset' });
    await both.client.until(({ events }) => events.includes('close'));
    await both.server.until(({ events }) => events.includes('close'));
    expect([both.client.events[0], both.server.events[0]]).toEqual(['ECONNRESET', 'ECONNRESET']);
    const again = await both.dial();
    const server = await again.taken;
    again.client.socket.write('passes');
    await server.hears(6);
    expect(both.relay.counts.effects).toEqual({ reset: 1 });
  });

  it.each(['client', 'server'] as const)('closes the %s and leaves the other side open, which hears nothing more', async (closed) => {
    await using both = await joined();
    both.relay.set({ kind: 'half-open', closed });
    const [gone, left] = closed === 'client' ? [both.client, both.server] : [both.server, both.client];
    await gone.until(({ events }) => events.length > 0);
    left.socket.write('into the void');
    gone.socket.write('also');
    await sleep(50);
    expect(left.events).toEqual([]);
    expect(left.received).toHaveLength(0);
    left.socket.end();
    await left.until(({ events }) => events.includes('close'));
  });

  it('drops silently, new connections included, and delivers when the route is back', async () => {
    await using both = await joined();
    both.relay.set({ kind: 'silent' });
    both.client.socket.write('waits');
    const late = await both.dial();
    late.client.socket.write('late');
    await sleep(80);
    expect([both.server.received.length, both.server.events, both.client.events, both.relay.counts.connections]).toEqual([0, [], [], 1]);
    both.relay.set({ kind: 'pass' });
    await both.server.hears(5);
    await (await late.taken).hears(4);
    expect(both.relay.counts.effects).toEqual({ silent: 2 });
  });

  it('stalls for the time that it was told', async () => {
    await using both = await joined();
    const startMs = performance.now();
    both.relay.set({ kind: 'stall', ms: 120 });
    both.client.socket.write('x');
    await both.server.hears(1);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(110);
    expect(both.relay.fault).toEqual({ kind: 'pass' });
  });

  it('turns over one bit, at the place that the seed chooses', async () => {
    const corrupt = async (seed: number) => {
      await using both = await joined({ seed });
      both.relay.set({ kind: 'corrupt', direction: 'up' });
      both.client.socket.write(Buffer.alloc(10_000));
      both.server.socket.write(Buffer.alloc(10_000));
      await both.server.hears(10_000);
      await both.client.hears(10_000);
      expect(both.client.received.every((byte) => byte === 0)).toBe(true);
      expect(both.relay.counts.effects).toEqual({ corrupt: 1 });
      const changed = [...both.server.received.entries()].filter(([, byte]) => byte !== 0);
      expect(changed).toHaveLength(1);
      expect(Math.log2(changed[0]![1]) % 1).toBe(0);
      return changed[0];
    };
    const [first, again, other] = [await corrupt(5), await corrupt(5), await corrupt(6)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first![0]).toBeLessThan(2048);
  });

  it('slows a link down', async () => {
    await using both = await joined();
    both.relay.set({ kind: 'slow', bytesPerSecond: 100_000 });
    const startMs = performance.now();
    both.client.socket.write(Buffer.alloc(20_000));
    await both.server.hears(20_000);
    expect(performance.now() - startMs).toBeGreaterThan(150);
  });

  it('delays, and keeps the order', async () => {
    await using both = await joined();
    both.relay.set({ kind: 'delay', ms: 60 });
    const startMs = performance.now();
    for (const letter of 'abc') both.client.socket.write(letter);
    await both.server.hears(3);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(55);
    both.relay.set({ kind: 'pass' });
    both.client.socket.write('d');
    await both.server.hears(4);
    expect(both.server.received.toString()).toBe('abcd');
  });

  it('sends a frame twice, and only one that may be repeated', async () => {
    await using both = await joined({ framing: 'http2' });
    both.relay.set({ kind: 'duplicate', direction: 'up' });
    const [headers, first, second] = [http2Frame(1, 'head'), http2Frame(0, 'one'), http2Frame(0, 'two')];
    const sent = Buffer.concat([headers, first, second]);
    // In pieces that are no frames.
    both.client.socket.write(sent.subarray(0, 5));
    await sleep(20);
    both.client.socket.write(sent.subarray(5));
    await both.server.hears(sent.length + first.length);
    expect(both.server.received.equals(Buffer.concat([headers, first, first, second]))).toBe(true);
    expect(both.relay.counts.effects).toEqual({ duplicate: 1 });
  });

  it('sends an old frame once more', async () => {
    await using both = await joined({ framing: 'http2', seed: 3 });
    const frames = Array.from({ length: 6 }, (_, i) => http2Frame(0, `frame ${i}`));
    for (const frame of frames) both.client.socket.write(frame);
    await both.server.hears(Buffer.concat(frames).length);
    both.relay.set({ kind: 'stale' });
    both.client.socket.write(http2Frame(0, 'newest'));
    await both.server.hears(Buffer.concat(frames).length + 2 * frames[0]!.length - 1);
    expect(both.server.received.toString('latin1').split('frame ').map((text) => text[0]).join('')).toMatch(/^.012345[0-3]$/);
    expect(both.relay.counts.effects).toEqual({ stale: 1 });
  });
});

describe('frames', () => {
  it('knows the preface of HTTP/2, and takes no empty or last frame for repeatable', () => {
    const cutter = new FrameCutter('http2');
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const last = http2Frame(0, 'end');
    last[4] = 1;
    const pieces = cutter.push(Buffer.concat([preface, http2Frame(4, ''), http2Frame(0, 'data'), last]));
    expect(pieces.map(({ bytes, repeatable }) => [bytes.length, repeatable])).toEqual([[24, false], [9, false], [13, true], [12, false]]);
  });

  it('cuts by a length in a header', () => {
    const cutter = new FrameCutter(lengthPrefixed({ header: 8, lengthsAt: [4] }));
    const frame = Buffer.from([1, 2, 3, 4, 2, 0, 0, 0, 9, 9]);
    expect(cutter.push(Buffer.concat([frame, frame.subarray(0, 9)])).map(({ bytes }) => bytes.length)).toEqual([10]);
    expect(cutter.push(frame.subarray(9))).toHaveLength(1);
  });
});
