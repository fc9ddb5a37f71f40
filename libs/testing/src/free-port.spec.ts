import { createServer } from 'node:net';
import { freePort } from './free-port.js';

describe('freePort', () => {
  it('names a port of 127.0.0.1 that can be listened on', async () => {
    const port = await freePort();
    expect(port).toBeGreaterThanOrEqual(1024);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    expect(server.address()).toMatchObject({ port, address: '127.0.0.1' });
    await new Promise((resolve) => server.close(resolve));
  });
});
