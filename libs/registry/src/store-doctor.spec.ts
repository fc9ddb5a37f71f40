import { startMoto, temporaryFolder, type S3TestServer } from '@langevin/testing';
import { DirectoryStore } from './directory-store.js';
import type { ObjectStore } from './object-store.js';
import { S3Store } from './s3-store.js';
import { examineStore } from './store-doctor.js';
import { startS3Proxy, type ProxiedRequest, type S3Proxy } from './testing/s3-proxy.js';

// A server takes its time to start when the machine does much else.
jest.setTimeout(120_000);

async function keysOf(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}

/** The server behind the proxies does not check signatures: a header may be taken away on the way. */
let server: S3TestServer;
beforeAll(async () => {
  server = await startMoto({ buckets: ['doctor'] });
});
afterAll(() => server[Symbol.asyncDispose]());

function openThrough(proxy: S3Proxy, prefix: string): Promise<S3Store> {
  return S3Store.open({ kind: 's3', bucket: 'doctor', prefix, endpoint: proxy.endpoint }, server.env);
}

/** Knows the condition, but lets two creators through when they come at the same moment. */
function admitsTwo(): (request: ProxiedRequest) => 'pass' | 'present' {
  const creators = new Map<string, number>();
  return ({ method, url, headers }) => {
    if (method !== 'PUT' || headers['if-none-match'] === undefined) return 'pass';
    const before = creators.get(url) ?? 0;
    if (before >= (url.endsWith('/twice') ? 1 : 2)) return 'present';
    creators.set(url, before + 1);
    delete headers['if-none-match'];
    return 'pass';
  };
}

describe('examineStore', () => {
  it('finds a directory safe for many, and leaves it as it was', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await store.put('v1/mine', Buffer.from('x'));
    expect(await examineStore(store, { id: 'trial', rounds: 2 })).toEqual({ racers: 32, rounds: 2, safety: 'many', problems: [] });
    expect(await keysOf(store)).toEqual(['v1/mine']);
  });

  it('finds out a server that ignores If-None-Match', async () => {
    await using proxy = await startS3Proxy(server.endpoint, ({ headers }) => {
      delete headers['if-none-match'];
      return 'pass';
    });
    const store = await openThrough(proxy, 'ignores');
    const found = await examineStore(store, { id: 'trial', racers: 8, rounds: 1 });
    expect(found.safety).toBe('none');
    expect(found.problems).toEqual([
      expect.stringContaining('ignores the condition'),
      expect.stringContaining('8 of 8 writers that raced to create it'),
      expect.stringMatching(/generation 1: (\d of 8 writers|it does not hold|.*damaged)/),
    ]);
    expect(await keysOf(store)).toEqual([]);
  });

  it('finds out a server that lets two creators through at the same moment', async () => {
    await using proxy = await startS3Proxy(server.endpoint, admitsTwo());
    const store = await openThrough(proxy, 'races');
    const found = await examineStore(store, { id: 'trial', racers: 8, rounds: 1 });
    expect(found.safety).toBe('one');
    expect(found.problems[0]).toMatch(/create\/1: 2 of 8 writers that raced/);
    expect(await keysOf(store)).toEqual([]);
  });
});
