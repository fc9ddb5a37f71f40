import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port that nothing listened on a moment ago, below those that the system gives to whoever dials: a process that is started again finds
 * it free again. Drawn anew each time: by a seed, two campaigns of one seed that run at once would take it from each other.
 */
export async function freePort(host = '127.0.0.1') {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    server.listen(port, host);
    const isFree = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)]).catch(() => false);
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
