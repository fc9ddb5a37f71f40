import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that nothing listened on a moment ago. Prefer port 0 where the server can tell which port it got:
 * another process may take this one first.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error(`expected a TCP address, got ${String(address)}`);
  return address.port;
}
