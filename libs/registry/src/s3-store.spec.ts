import { startMinio, startMoto, type S3TestServer } from '@langevin/testing';
import type { ObjectInfo } from './object-store.js';
import { S3Store, type S3StoreOptions } from './s3-store.js';
import { parseStoreLocation, type S3Location } from './store-location.js';
import { objectStoreContract } from './testing/object-store-contract.js';

// A server takes its time to start when the machine does much else.
jest.setTimeout(120_000);

/** Opens what lies under `prefix` in the bucket "specs" of a server. */
function openAt(server: S3TestServer, prefix: string, options: S3StoreOptions = {}): Promise<S3Store> {
  return S3Store.open(parseStoreLocation(server.location('specs', prefix)) as S3Location, server.env, options); // It is one.
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe.each([
  ['MinIO', startMinio],
  ['moto', startMoto],
])('a store on %s', (name, start) => {
  let server: S3TestServer;
  let prefixes = 0;
  const fresh = (options?: S3StoreOptions): Promise<S3Store> => openAt(server, `case-${++prefixes}`, options);
  beforeAll(async () => {
    server = await start({ buckets: ['specs'] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(objectStoreContract)('$name', async ({ check }) => {
    await check(await fresh());
  });

  it('lists thousands of objects, page by page, in order', async () => {
    const store = await fresh();
    const keys = Array.from({ length: 1100 }, (_, i) => `many/${String((i * 7919) % 1100).padStart(5, '0')}`);
    for (let at = 0; at < keys.length; at += 50) await Promise.all(keys.slice(at, at + 50).map((key) => store.put(key, Buffer.from(key))));
    expect((await collect(store.list('many/'))).map(({ key }: ObjectInfo) => key)).toEqual([...keys].sort());
  });

  it('stores what is larger than a part in parts, and gives it back bit for bit', async () => {
    const store = await fresh({ partBytes: 5 << 20, parallel: 3 });
    const large = Buffer.alloc((17 << 20) + 5);
    for (let at = 0; at < large.length; at += 4096) large.writeUInt32LE(at, Math.min(at, large.length - 4));
    const source = { size: large.length, open: () => pieces(large, 700_001) };
    expect(await store.put('large', source)).toBe('written');
    expect(Buffer.from(await store.get('large')).equals(large)).toBe(true);
    const range = { start: (5 << 20) - 3, end: (10 << 20) + 3 };
    expect(Buffer.concat(await collect(store.stream('large', range))).equals(large.subarray(range.start, range.end))).toBe(true);
    await expect(store.put('cut', { size: large.length + 1, open: () => pieces(large, 700_001) })).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await collect(store.list(''))).toEqual([{ key: 'large', size: large.length }]);
  });

  it('says what is wrong with the bucket, and how to make it', async () => {
    const location = parseStoreLocation(server.location('not-there')) as S3Location; // It is one.
    const missing = { code: 'bucket_missing', message: expect.stringContaining('langevin store create "s3://not-there?endpoint=') };
    await expect(S3Store.open(location, server.env)).rejects.toMatchObject(missing);
    await S3Store.create(location, server.env);
    const store = await S3Store.open(location, server.env);
    await store.put('k', Buffer.from('v'));
    await S3Store.create(location, server.env);
    expect(Buffer.from(await store.get('k')).toString()).toBe('v');
    // A MinIO server is in one region; moto is in all of them, and demands that other ones than the first are named.
    if (name === 'moto') await (await S3Store.create({ ...location, bucket: 'far-away', region: 'eu-west-1' }, server.env)).put('k', Buffer.from('v'));
  });
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}
