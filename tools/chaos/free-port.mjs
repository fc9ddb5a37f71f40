import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port that nothing listened on a moment ago, below those that the system gives to whoever dials: a process that is started again finds
 * it free again.
 */
export async function freePort(random, host = '127.0.0.1') {
  for (;;) {
    const port = random.integer(20_000, 32_000);
    const server = createServer();
    server.listen(port, host);
    const isFree = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)]).catch(() => false);
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
