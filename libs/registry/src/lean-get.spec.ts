import { createServer, type Socket } from 'node:net';
import { leanGet, type LeanAnswer } from './lean-get.js';

/** A server that says what it is told to, to one caller after the other. */
async function serverThat(speak: (socket: Socket) => void): Promise<AsyncDisposable & { readonly url: URL }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`expected a TCP address, got ${String(address)}`);
  return {
    url: new URL(`http://127.0.0.1:${address.port}/object?x=1`),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

const get = (url: URL, quietMs = 10_000): Promise<LeanAnswer | undefined> => leanGet({ url, headers: { range: 'bytes=0-' }, quietMs });

async function bodyOf(answer: LeanAnswer | undefined): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of answer?.body ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('leanGet', () => {
  it('reads status, headers and body, wherever the network cuts them', async () => {
    const body = Buffer.alloc(2_500_000);
    for (let at = 0; at < body.length; at += 4) body.writeUInt32LE(at, at);
    await using server = await serverThat((socket) => {
      socket.write('HTTP/1.1 206 Partial Content\r\nETag: "a:b"\r\nContent-Le');
      setImmediate(() => {
        socket.write(`ngth: ${body.length}\r\n\r`);
        setImmediate(() => socket.write(Buffer.concat([Buffer.from('\n'), body])));
      });
    });
    const answer = await get(server.url);
    expect(answer).toMatchObject({ status: 206, headers: { etag: '"a:b"', 'content-length': '2500000' } });
    expect((await bodyOf(answer)).equals(body)).toBe(true);
  });

  it('waits for a reader that pauses, and gets everything all the same', async () => {
    const body = Buffer.alloc(30_000_000, 3);
    await using server = await serverThat((socket) => void socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body])));
    const answer = await get(server.url, 1500);
    let bytes = 0;
    for await (const piece of answer?.body ?? []) {
      // Longer than the limit on silence, once: the pause is the reader's, not the server's.
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 2000));
      bytes += piece.byteLength;
    }
    expect(bytes).toBe(body.length);
  });

  it('gives what came before the connection broke, and then says that it did', async () => {
    await using server = await serverThat((socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd'));
    const { body } = (await get(server.url)) ?? {};
    expect(await body?.next()).toEqual({ done: false, value: Buffer.from('abcd') });
    await expect(body?.next()).rejects.toMatchObject({ name: 'S3Failure', code: 'ECONNRESET', isTransient: true });
  });

  it('gives up on a server that falls silent', async () => {
    await using server = await serverThat((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'));
    const answer = await get(server.url, 50);
    await expect(bodyOf(answer)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await using mute = await serverThat(() => undefined);
    await expect(get(mute.url, 50)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('leaves what has no length to others, and refuses what is no HTTP', async () => {
    await using chunked = await serverThat((socket) => void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'));
    expect(await get(chunked.url)).toBeUndefined();
    await using endless = await serverThat((socket) => void socket.write('x'.repeat(100_000)));
    await expect(get(endless.url)).rejects.toMatchObject({ message: 'the answer is not one of an S3 server' });
  });
});
