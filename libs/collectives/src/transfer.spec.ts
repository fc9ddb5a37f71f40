import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import type { LangevinError } from '@langevin/contracts';
import { serverStreamHandler, startServer } from '@langevin/rpc';
import type { Chunk, PullRequest__Output, ServiceHandlers } from '@langevin/rpc';
import { connectTransfer, transferWindowBytes } from './connect-transfer.js';
import { ContentTable } from './content-table.js';
import { pull } from './pull.js';
import { transferService } from './transfer-service.js';
import { VectorArena } from './vector-arena.js';

const token = 'token';
const serve = (handlers: Pick<ServiceHandlers['Transfer'], 'Pull'>) =>
  startServer({ port: 0, token, services: { Transfer: { ...transferService(new ContentTable()), ...handlers } }, closeLimitMs: 100 });
const dial = (address: string) => connectTransfer(address, token, { peerName: 'trainer t1', peers: 1 });

/** sha256 of 'abc' (FIPS 180-2, appendix B.1). */
const abcDigest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

/** A peer that answers each pull with the next list of chunks, and counts pulls. */
function scripted(...answers: Chunk[][]) {
  const log = { pulls: 0 };
  const Pull = serverStreamHandler<PullRequest__Output, Chunk>(async (call) => {
    for (const chunk of answers[log.pulls++] ?? []) call.write(chunk);
  });
  return { transfer: { Pull }, log };
}

const chunk = (text: string, totalSize: number, checksum = crc32(text)): Chunk => ({ data: Buffer.from(text), totalSize, crc32: checksum });

describe('pull', () => {
  it.each([0, 1, 1023, 1024, 1025, 300_000])('brings %i bytes unchanged, in chunks of 1 KiB', async (size) => {
    const table = new ContentTable();
    // Any bytes do: they are compared with themselves.
    const bytes = randomFillSync(new Uint8Array(size));
    const { digest } = table.put(bytes);
    await using server = await serve(transferService(table, { chunkBytes: 1024 }));
    using client = dial(server.address);
    expect(Buffer.compare(await pull(client, digest, { size }), bytes)).toBe(0);
    expect(Buffer.compare(await pull(client, digest, { verify: 'checksum' }), bytes)).toBe(0);
  });

  it('brings 40 MiB in the default chunks, by several readers at once', async () => {
    const table = new ContentTable();
    const bytes = new Uint8Array(40 * 1024 * 1024).fill(7);
    const { digest } = table.put(bytes);
    await using server = await serve(transferService(table));
    using client = dial(server.address);
    const copies = await Promise.all([pull(client, digest), pull(client, digest)]);
    expect(copies.map((copy) => Buffer.compare(copy, bytes))).toEqual([0, 0]);
  });

  it('starts at the offset', async () => {
    const table = new ContentTable();
    const { digest } = table.put(Buffer.from('abc'));
    await using server = await serve(transferService(table));
    using client = dial(server.address);
    const chunks = await client.pull({ digest, offset: 1 }).toArray() as { data: Buffer; totalSize: string }[];
    expect(chunks.map(({ data, totalSize }) => [data.toString(), totalSize])).toEqual([['bc', '3']]);
    await expect(client.pull({ digest, offset: 4 }).toArray()).rejects.toThrow(/from byte 4: it has 3/);
  });

  it('writes straight into a vector whose memory moves meanwhile', async () => {
    const arena = new VectorArena(100_000);
    const source = Float32Array.from({ length: 100_000 }, (_, i) => i);
    const table = new ContentTable();
    const { digest } = table.put(new Uint8Array(source.buffer));
    await using server = await serve(transferService(table, { chunkBytes: 4096 }));
    using client = dial(server.address);
    const vector = arena.take();
    const pulled = pull(client, digest, { into: vector });
    const others = Array.from({ length: 10 }, () => arena.take());
    await pulled;
    expect(others).toHaveLength(10);
    expect(Buffer.compare(vector.bytes, new Uint8Array(source.buffer))).toBe(0);
  });

  it.each<[string, Chunk[], RegExp]>([
    ['a wrong checksum', [chunk('abc', 3, 1)], /wrong checksum between bytes 0 and 3/],
    ['other bytes with a right checksum', [chunk('abd', 3)], /has the digest a52d159f/],
    ['too few bytes', [chunk('ab', 3)], /ended after 2 of 3 bytes/],
    ['nothing', [], /ended after 0 of an unknown number of bytes/],
    ['too many bytes', [chunk('ab', 3), chunk('cd', 3)], /goes on after its 3 bytes/],
    ['another size', [chunk('abcd', 4)], /has 4 bytes instead of 3/],
  ])('pulls once more after %s, then names digest and peer', async (_what, bad, message) => {
    const peer = scripted(bad, bad);
    await using server = await serve(peer.transfer);
    using client = dial(server.address);
    const expected = { code: 'object_corrupt', message: expect.stringMatching(message) };
    const thrown: unknown = await pull(client, abcDigest, { size: 3 }).catch((error: unknown) => error);
    expect(thrown).toMatchObject(expected);
    expect((thrown as LangevinError).message).toContain(`content ${abcDigest} from trainer t1 at ${server.address}`);
    expect(peer.log.pulls).toBe(2);
  });

  it('gets over one corrupt transfer', async () => {
    const peer = scripted([chunk('abc', 3, 1)], [chunk('a', 3), chunk('bc', 3)]);
    await using server = await serve(peer.transfer);
    using client = dial(server.address);
    expect(Buffer.from(await pull(client, abcDigest)).toString()).toBe('abc');
  });

  it('says what is missing where, and does not ask again', async () => {
    await using server = await serve(transferService(new ContentTable()));
    using client = dial(server.address);
    await expect(pull(client, abcDigest)).rejects.toMatchObject({ code: 'content_missing', message: expect.stringContaining(abcDigest) });
  });

  it('names a peer that is gone', async () => {
    const server = await serve(transferService(new ContentTable()));
    await server.close();
    using client = dial(server.address);
    await expect(pull(client, abcDigest)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(`no trainer t1 at ${server.address}`) });
  });

  it('is cancelled by its signal', async () => {
    const endless = serverStreamHandler<PullRequest__Output, Chunk>(async (call) => void (await once(call, 'cancelled')));
    await using server = await serve({ Pull: endless });
    using client = dial(server.address);
    await expect(pull(client, abcDigest, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    const controller = new AbortController();
    const pulled = pull(client, abcDigest, { signal: controller.signal });
    controller.abort();
    await expect(pulled).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('transferService', () => {
  it('lets go of a stream whose reader leaves in the middle', async () => {
    const table = new ContentTable();
    const { digest } = table.put(new Uint8Array(32 * 1024 * 1024));
    const { Pull } = transferService(table, { chunkBytes: 64 * 1024 });
    let ended: Promise<unknown> | undefined;
    await using server = await serve({
      Pull: (call) => {
        ended = new Promise((resolve) => Object.assign(call, { end: () => resolve('ended') }));
        Pull(call);
      },
    });
    using client = dial(server.address);
    const stream = client.pull({ digest });
    stream.on('error', () => { /* The cancellation, reported by the call itself. */ });
    await once(stream, 'readable');
    stream.cancel();
    expect(await ended).toBe('ended');
  });

  it.each([0, 1.5, 4 * 1024 * 1024 + 1])('refuses chunks of %d bytes', (chunkBytes) => {
    expect(() => transferService(new ContentTable(), { chunkBytes })).toThrow(/chunkBytes/);
  });
});

describe('ContentTable', () => {
  it('names content by its sha256 and holds it until the last release', async () => {
    const table = new ContentTable();
    const ref = table.put(Buffer.from('abc'));
    expect(ref).toEqual({ digest: abcDigest, size: 3 });
    table.put(Buffer.from('abc'));
    table.retain(abcDigest);
    expect(table.size).toBe(3);
    for (let holds = 3; holds > 0; holds--) {
      expect(await table.open(abcDigest)).toBeDefined();
      table.release(abcDigest);
    }
    expect(await table.open(abcDigest)).toBeUndefined();
    expect(table.size).toBe(0);
    expect(() => table.release(abcDigest)).toThrow(expect.objectContaining({ code: 'content_missing' }));
    expect(() => table.retain(abcDigest)).toThrow(/not held here/);
  });

  it('asks its sources in order for what it does not hold', async () => {
    const asked: string[] = [];
    const table = new ContentTable([
      async (digest) => void asked.push(digest),
      async (digest) => (digest === abcDigest ? Buffer.from('abc') : undefined),
    ]);
    await using server = await serve(transferService(table));
    using client = dial(server.address);
    expect(Buffer.from(await pull(client, abcDigest)).toString()).toBe('abc');
    expect(asked).toEqual([abcDigest]);
  });
});

describe('transferWindowBytes', () => {
  it('divides 64 MiB among the peers and keeps to the minimum of HTTP/2', () => {
    expect([0, 1, 4, 64, 100_000].map(transferWindowBytes)).toEqual([2 ** 26, 2 ** 26, 2 ** 24, 2 ** 20, 2 ** 16]);
  });
});
