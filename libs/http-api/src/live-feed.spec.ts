import type { LiveEvent } from '@langevin/contracts/api';
import { readEvents, startTestServer } from './testing/test-server.js';

const model = (name: string): LiveEvent => ({ name: 'model', data: { name } });

describe('the stream of events', () => {
  it('gives each client what happens from now on, with ids', async () => {
    await using server = await startTestServer();
    server.feed.publish(model('before'));
    using first = await readEvents(server.port);
    using second = await readEvents(server.port);
    server.feed.publish(model('after'));
    expect(await first.next()).toEqual({ id: 'test-2', event: 'model', data: { name: 'after' } });
    expect(await second.next()).toEqual({ id: 'test-2', event: 'model', data: { name: 'after' } });
  });

  it('goes on after the last event that a client has seen', async () => {
    await using server = await startTestServer();
    for (const name of ['a', 'b', 'c']) server.feed.publish(model(name));
    using reader = await readEvents(server.port, 'test-1');
    expect([await reader.next(), await reader.next()].map(({ data }) => data)).toEqual([{ name: 'b' }, { name: 'c' }]);
  });

  it.each([
    ['of an earlier process', 'other-2'],
    ['of the future', 'test-99'],
    ['that is none', 'rubbish'],
    ['that is not kept any more', 'test-1'],
  ])('says reset for an id %s, and goes on', async (_what, lastEventId) => {
    await using server = await startTestServer({}, {}, { maxBytes: 200 });
    for (let index = 1; index <= 20; index += 1) server.feed.publish(model(`m${index}`));
    using reader = await readEvents(server.port, lastEventId);
    expect(await reader.next()).toEqual({ id: 'test-20', event: 'reset', data: {} });
    server.feed.publish(model('next'));
    expect(await reader.next()).toEqual({ id: 'test-21', event: 'model', data: { name: 'next' } });
  });

  it('does not grow with a client that reads nothing, and resets it when it reads again', async () => {
    await using server = await startTestServer({}, {}, { maxBytes: 64 * 1024, clientBytes: 16 * 1024 });
    using slow = await readEvents(server.port);
    using quick = await readEvents(server.port);
    slow.socket.pause();
    const text = 'x'.repeat(15 * 1024);
    // More than the sockets of both ends hold.
    const count = 800;
    let seen = 0;
    for (let index = 1; index <= count; index += 1) {
      server.feed.publish(model(`${index} ${text}`));
      // The quick one keeps up: it is told everything.
      const { event } = await quick.next();
      expect(event).toBe('model');
      seen += 1;
    }
    expect(seen).toBe(count);
    slow.socket.resume();
    server.feed.publish({ name: 'samples', data: { run: 'the end', step: 0 } });
    let next = await slow.next();
    let last = 0;
    while (next.event === 'model') {
      const number = Number.parseInt((next.data as { name: string }).name, 10); // What was published above.
      expect(number).toBe(last + 1);
      last = number;
      next = await slow.next();
    }
    // What came last may be before or after the client's reset; without one it would be told everything.
    expect(next).toMatchObject({ event: 'reset', data: {} });
    expect(last).toBeLessThan(count - 1);
  });

  it('ends with the server, and forgets a client that has gone', async () => {
    const server = await startTestServer();
    const reader = await readEvents(server.port);
    const gone = await readEvents(server.port);
    expect(server.feed.clients).toBe(2);
    const closed = new Promise((resolve) => gone.socket.once('close', resolve));
    gone[Symbol.dispose]();
    await closed;
    while (server.feed.clients > 1) {
      server.feed.publish(model('anything'));
      await reader.next();
    }
    await server[Symbol.asyncDispose]();
    await expect(reader.next()).rejects.toThrow();
  });
});
