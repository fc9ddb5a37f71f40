import { inspect } from 'node:util';
import { freePort, smallTmpfs, startMinio, temporaryFolder, type S3TestServer } from '@langevin/testing';
import { putBlob } from './blobs.js';
import { createDocument, readDocument } from './documents.js';
import { Register } from './register.js';
import { S3Store, type S3StoreOptions } from './s3-store.js';
import { startS3Proxy, type ProxiedRequest, type ProxyFault, type S3Proxy } from './testing/s3-proxy.js';

// A server takes its time to start when the machine does much else.
jest.setTimeout(120_000);

const patience = { attempts: 4, baseMs: 1, capMs: 4, random: () => 0.5 };
const impatient: S3StoreOptions = { quietMs: 5000, retry: patience };
const partBytes = 5 << 20;

let server: S3TestServer;
let folders = 0;
beforeAll(async () => {
  server = await startMinio({ buckets: ['faults'] });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Opens a fresh part of the bucket through a proxy. */
async function openThrough(proxy: S3Proxy, options: S3StoreOptions = impatient): Promise<S3Store> {
  const store = await S3Store.open({ kind: 's3', bucket: 'faults', prefix: `case-${++folders}`, endpoint: proxy.endpoint }, server.env, options);
  proxy.seen.length = 0;
  return store;
}

/** The first request that fits gets the fault, once. */
function once(fits: (request: ProxiedRequest) => boolean, fault: ProxyFault): (request: ProxiedRequest) => ProxyFault {
  let left = 1;
  return (request) => (fits(request) && left-- > 0 ? fault : 'pass');
}

const isCommit = ({ method, url, headers }: ProxiedRequest): boolean => method === 'PUT' && url.includes('/documents/') && headers['if-none-match'] === '*';

describe('a store whose server loses an answer', () => {
  it('knows its own commit again', async () => {
    await using proxy = await startS3Proxy(server.endpoint, once(isCommit, 'loseAnswer'));
    const store = await openThrough(proxy);
    const result = await createDocument(store, 'v1/documents/one.json', { writeId: 'mine' });
    expect(result.status).toBe('same');
    expect((await readDocument(store, 'v1/documents/one.json')).value).toEqual({ writeId: 'mine' });
    expect(proxy.seen.filter((line) => line.startsWith('PUT') && line.includes('/documents/'))).toHaveLength(2);
  });

  it('knows its own swap again, and lets nobody else have it', async () => {
    await using proxy = await startS3Proxy(server.endpoint, once(isCommit, 'loseAnswer'));
    const store = await openThrough(proxy);
    const register = new Register(store, 'v1/documents/alias', (value) => value as { writeId: string }); // Only what this spec wrote.
    expect(await register.swap(0, { writeId: 'mine' })).toMatchObject({ status: 'swapped', entry: { generation: 1 } });
    expect(await register.swap(0, { writeId: 'other' })).toMatchObject({ status: 'moved', current: { value: { writeId: 'mine' } } });
  });

  it('knows that the parts of an object have been put together', async () => {
    const isCompletion = ({ method, url }: ProxiedRequest): boolean => method === 'POST' && url.includes('uploadId=');
    for (const ifAbsent of [false, true]) {
      await using proxy = await startS3Proxy(server.endpoint, once(isCompletion, 'loseAnswer'));
      const store = await openThrough(proxy, { ...impatient, partBytes });
      const body = Buffer.alloc(partBytes + 1, 7);
      expect(await store.put('large', body, { ifAbsent })).toBe(ifAbsent ? 'exists' : 'written');
      expect(Buffer.from(await store.get('large')).equals(body)).toBe(true);
    }
  });
});

describe('a store whose server stumbles', () => {
  it.each(['reset', 'busy', 'stall'] as const)('tries every kind of request again: %s', async (fault) => {
    const met = new Set<string>();
    let armed = false;
    await using proxy = await startS3Proxy(server.endpoint, ({ method, url }) => {
      const kind = `${method} ${url.split('?')[1]?.replace(/=.*/, '') ?? ''}`;
      if (!armed || met.has(kind)) return 'pass';
      met.add(kind);
      return fault;
    });
    const store = await openThrough(proxy, { ...impatient, partBytes, ...(fault === 'stall' ? { quietMs: 400, retry: { ...patience, attempts: 10 } } : {}) });
    armed = true;
    const large = Buffer.alloc(partBytes + 3, 5);
    expect(await store.put('small', Buffer.from('x'))).toBe('written');
    expect(await store.put('large', large)).toBe('written');
    expect(await store.head('small')).toEqual({ key: 'small', size: 1 });
    expect(Buffer.from(await store.get('large')).equals(large)).toBe(true);
    const keys = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual(['large', 'small']);
    await store.remove('small');
    expect(await store.head('small')).toBeUndefined();
    expect([...met].sort()).toEqual(['DELETE ', 'GET ', 'GET X-Amz-Algorithm', 'GET encoding-type', 'HEAD ', 'POST uploadId', 'POST uploads', 'PUT ', 'PUT partNumber']);
  });

  it('goes on with a broken download from the byte where it broke', async () => {
    let cuts = 0;
    const ranges: unknown[] = [];
    await using proxy = await startS3Proxy(server.endpoint, ({ method, headers }) => {
      if (method !== 'GET') return 'pass';
      ranges.push(headers.range);
      return ++cuts < 5 ? { cutAfter: 2_500_000 } : 'pass';
    });
    const store = await openThrough(proxy);
    const content = Buffer.alloc(12_000_000);
    for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, at);
    await store.put('k', content);
    expect(Buffer.from(await store.get('k')).equals(content)).toBe(true);
    // The first MiB, the rest, and the rest of that after each cut: never a byte twice, as far as it had arrived.
    expect(ranges.slice(0, 2)).toEqual(['bytes=0-1048575', 'bytes=1048576-11999999']);
    const starts = ranges.slice(2).map((range) => Number(/^bytes=(\d+)-11999999$/.exec(String(range))?.[1]));
    expect(starts).toHaveLength(3);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
    expect(starts[0]).toBeGreaterThan(1048576);
  });

  it('does not put together halves of two objects', async () => {
    await using proxy = await startS3Proxy(server.endpoint, once(({ method }) => method === 'GET', { cutAfter: 1_000_000 }));
    const store = await openThrough(proxy);
    await store.put('k', Buffer.alloc(4_000_000, 1));
    const read = async (): Promise<void> => {
      for await (const piece of store.stream('k')) if (piece.byteLength > 0) await store.put('k', Buffer.alloc(4_000_000, 2));
    };
    await expect(read()).rejects.toMatchObject({ code: 'storage_failed', message: expect.stringContaining('replaced while it was being read') });
  });

  it('throws the parts away when one cannot be sent, and stores nothing', async () => {
    await using proxy = await startS3Proxy(server.endpoint, ({ url }) => (url.includes('partNumber=2&') ? 'reset' : 'pass'));
    const store = await openThrough(proxy, { ...impatient, partBytes });
    await expect(putBlob(store, Buffer.alloc(3 * partBytes, 9))).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(proxy.seen.filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
    expect(proxy.seen.at(-1)).toMatch(/^DELETE /);
    for await (const { key } of store.list('')) throw new Error(`${key} should not be there`);
  });

  it.each([1, 3_000_000])('hangs up when a reader stops after %i bytes', async (enough) => {
    await using proxy = await startS3Proxy(server.endpoint, () => 'pass');
    const store = await openThrough(proxy);
    await store.put('k', Buffer.alloc(30_000_000));
    let bytes = 0;
    for await (const piece of store.stream('k')) if ((bytes += piece.byteLength) >= enough) break;
    expect(bytes).toBeLessThan(30_000_000);
    await proxy.clientGone();
  });
});

describe('a store that cannot be used', () => {
  const secret = 'not-the-right-secret';

  it('says that the credentials are wrong, and never what they are', async () => {
    const env = { AWS_ACCESS_KEY_ID: server.env.AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: secret };
    const error: unknown = await S3Store.open({ kind: 's3', bucket: 'faults', prefix: '', endpoint: server.endpoint }, env, impatient).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'access_denied', message: expect.stringContaining(`bucket faults at ${server.endpoint}`) });
    expect(error).toMatchObject({ message: expect.stringContaining('AWS_SECRET_ACCESS_KEY') });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  });

  it('says that the bucket has gone, on every call', async () => {
    await server.makeBucket('fleeting');
    const store = await S3Store.open({ kind: 's3', bucket: 'fleeting', prefix: '', endpoint: server.endpoint }, server.env, impatient);
    await server.removeBucket('fleeting');
    const gone = { code: 'bucket_missing', message: expect.stringContaining('langevin store create') };
    await expect(store.put('k', Buffer.from('x'))).rejects.toMatchObject(gone);
    await expect(store.put('k', Buffer.from('x'), { ifAbsent: true })).rejects.toMatchObject(gone);
    await expect(store.get('k')).rejects.toMatchObject(gone);
    await expect(store.head('k')).rejects.toMatchObject(gone);
    await expect(store.remove('k')).rejects.toMatchObject(gone);
    await expect(store.list('').next()).rejects.toMatchObject(gone);
    expect(await store.probe()).toMatchObject({ writable: false, problem: expect.stringContaining('langevin store create') });
  });

  it('gives up on a server that is gone, and works again when it is back', async () => {
    await using folder = await temporaryFolder();
    const port = await freePort();
    const fixed = { folder: folder.path, port, credentials: { accessKey: server.env.AWS_ACCESS_KEY_ID, secretKey: server.env.AWS_SECRET_ACCESS_KEY } };
    const first = await startMinio({ ...fixed, buckets: ['kept'] });
    const location = { kind: 's3', bucket: 'kept', prefix: '', endpoint: first.endpoint } as const;
    const store = await S3Store.open(location, server.env, impatient).finally(() => first[Symbol.asyncDispose]());
    const message = expect.stringMatching(new RegExp(`bucket kept at ${first.endpoint}: .*check that the server runs`));
    await expect(store.put('k', Buffer.from('x'))).rejects.toMatchObject({ code: 'storage_unavailable', message });
    await using _again = await startMinio(fixed);
    expect(await store.put('k', Buffer.from('x'))).toBe('written');
  });
});

const mountable = process.platform === 'linux' && process.getuid?.() === 0;
const itMounts = mountable ? it : it.skip;
const why = mountable ? '' : ' (skipped: mounting a tmpfs needs root on Linux)';

describe('a store whose server is full', () => {
  itMounts(`says so, and keeps nothing of what did not fit${why}`, async () => {
    await using disk = await smallTmpfs(48);
    await using small = await startMinio({ folder: `${disk.path}/data`, buckets: ['full'] });
    const store = await S3Store.open({ kind: 's3', bucket: 'full', prefix: '', endpoint: small.endpoint }, small.env, { ...impatient, partBytes });
    await expect(store.put('k', Buffer.alloc(60 << 20))).rejects.toMatchObject({ code: 'storage_full', message: expect.stringContaining('bucket full at') });
    expect(await store.head('k')).toBeUndefined();
  });
});
