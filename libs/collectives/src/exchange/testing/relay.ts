import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What is done to the bytes that flow towards who dialled. */
export type Harm = (chunk: Buffer, sentBefore: number, socket: Socket) => Buffer;

/** Stands between a member and who dials it, and harms what it sends. */
export async function startRelay(address: string, harm: Harm): Promise<AsyncDisposable & { readonly address: string; readonly connections: () => number }> {
  const [host, port] = address.split(':') as [string, string];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    connections++;
    const far = connect({ host, port: Number(port) });
    let sent = 0;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk) => {
      near.write(harm(chunk, sent, near));
      sent += chunk.byteLength;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
