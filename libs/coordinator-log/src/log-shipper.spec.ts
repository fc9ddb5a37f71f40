import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { DirectoryStore, openStore, type ObjectStore } from '@langevin/registry';
import { startMinio, startMoto, temporaryFolder } from '@langevin/testing';
import { CoordinatorLog } from './coordinator-log.js';
import { LogShipper, type LogShipperOptions, type ShippingState } from './log-shipper.js';
import { readShipped } from './read-shipped.js';

// A server takes its time to start when the machine does much else.
jest.setTimeout(120_000);

interface Shipping extends AsyncDisposable {
  readonly log: CoordinatorLog;
  readonly shipper: LogShipper;
  readonly states: ShippingState[];
}

/** A log in `folder` that is shipped to a store. By default a segment goes only when it is told to. */
function ship(folder: string, store: ObjectStore, options: Partial<LogShipperOptions> = {}): Shipping {
  const states: ShippingState[] = [];
  const shipper = new LogShipper({ store, term: 1, intervalMs: 1_000_000, onState: (state) => states.push(state), ...options });
  const { log } = CoordinatorLog.open(folder, { warn: () => undefined, follower: shipper });
  return {
    ...{ log, shipper, states },
    [Symbol.asyncDispose]: async () => {
      shipper.stop();
      await log.close();
    },
  };
}

async function keys(store: ObjectStore): Promise<string[]> {
  const all: string[] = [];
  for await (const { key } of store.list('v1/coordinator/log/')) all.push(key.slice('v1/coordinator/log/'.length));
  return all;
}

/** Flips a bit in the middle of an object. */
async function damage(store: ObjectStore, key: string): Promise<void> {
  const bytes = Buffer.from(await store.get(key));
  bytes[bytes.length >> 1]! ^= 1;
  await store.put(key, bytes);
}

describe.each([
  ['a directory', undefined],
  ['MinIO', startMinio],
  ['moto', startMoto],
])('a log that is shipped to a store in %s', (_name, start) => {
  it('is read there by another machine: the newest snapshot of the highest term, and all that follows', async () => {
    await using folder = await temporaryFolder();
    await using server = await start?.({ buckets: ['specs'] });
    const store = server ? await openStore(server.location('specs', 'log'), { env: server.env }) : await DirectoryStore.open(join(folder.path, 'store'));
    expect(await readShipped(store)).toBeUndefined();
    await using first = ship(join(folder.path, 'first'), store);
    first.log.append({ n: 1 });
    await first.shipper.flush();
    expect(await readShipped(store)).toBeUndefined();
    first.log.compact({ upTo: 1 });
    first.log.appendNow({ n: 2 });
    await first.shipper.flush();
    expect(await readShipped(store)).toEqual({ term: 1, snapshot: { upTo: 1 }, records: [{ n: 2 }], warnings: [] });
    for (let n = 3; n <= 6; n++) {
      first.log.append({ n });
      if (n % 2 === 0) await first.shipper.flush();
    }
    const records = [2, 3, 4, 5, 6].map((n) => ({ n }));
    expect(await readShipped(store)).toEqual({ term: 1, snapshot: { upTo: 1 }, records, warnings: [] });

    // A higher term counts from its first snapshot on.
    await using second = ship(join(folder.path, 'second'), store, { term: 2 });
    expect(await readShipped(store)).toMatchObject({ term: 1, records });
    second.log.compact({ upTo: 6, by: 'second' });
    await second.shipper.flush();
    first.log.append({ n: 'by one who does not know that he is fenced' });
    await first.shipper.flush();
    expect(await readShipped(store)).toEqual({ term: 2, snapshot: { upTo: 6, by: 'second' }, records: [], warnings: [] });
    second.log.compact({ upTo: 7 });
    await second.shipper.flush();
    await pruned(store, ['00000002/000000000002.snapshot']);
    expect([...first.states, ...second.states]).toEqual([]);
  });
});

/** Pruning is what a shipper does after it has said that a snapshot is in the store. */
async function pruned(store: ObjectStore, expected: readonly string[]): Promise<void> {
  while ((await keys(store)).length > expected.length);
  expect(await keys(store)).toEqual(expected);
}

describe('a shipper', () => {
  it('ships by itself, many records in one segment, and prunes what a snapshot replaces', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await using shipping = ship(join(folder.path, 'log'), store, { intervalMs: 5 });
    for (let n = 0; n < 2000; n++) {
      if (n % 500 === 0) shipping.log.compact({ upTo: n });
      else shipping.log.append({ n });
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    while (shipping.shipper.pendingBytes > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const shipped = await readShipped(store);
    expect(shipped).toMatchObject({ snapshot: { upTo: 1500 }, warnings: [] });
    expect(shipped?.records).toEqual(Array.from({ length: 499 }, (_, i) => ({ n: 1501 + i })));
    expect((await keys(store)).length).toBeLessThan(100);
  });

  it('goes on when the store is away, says so once, and catches up', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const put = store.put.bind(store);
    await using shipping = ship(join(folder.path, 'log'), store, { intervalMs: 1, patienceMs: 2 });
    shipping.log.compact('start');
    await shipping.shipper.flush();
    let tries = 0;
    store.put = () => {
      tries++;
      return Promise.reject(new LangevinError('storage_unavailable', 'away'));
    };
    for (let n = 1; n <= 100; n++) shipping.log.append(n);
    while (tries < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    await expect(shipping.shipper.flush(AbortSignal.timeout(5))).rejects.toMatchObject({ code: 'storage_unavailable', message: expect.stringMatching(/newest records of the log are not in .*: away/) });
    expect(shipping.states).toEqual([{ phase: 'behind', error: expect.objectContaining({ message: 'away' }) }]);
    store.put = put;
    await shipping.shipper.flush();
    expect(shipping.states.slice(1)).toEqual([{ phase: 'current' }]);
    expect(await readShipped(store)).toMatchObject({ snapshot: 'start', records: Array.from({ length: 100 }, (_, i) => i + 1) });
  });

  it('drops what a snapshot has replaced while the store was away', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const put = store.put.bind(store);
    await using shipping = ship(join(folder.path, 'log'), store, { intervalMs: 1, patienceMs: 2 });
    store.put = () => Promise.reject(new LangevinError('storage_unavailable', 'away'));
    shipping.log.compact('old');
    for (let n = 1; n <= 100; n++) shipping.log.append('x'.repeat(1000));
    const before = shipping.shipper.pendingBytes;
    shipping.log.compact('new');
    expect([before > 100_000, shipping.shipper.pendingBytes < 100]).toEqual([true, true]);
    store.put = put;
    await shipping.shipper.flush();
    expect(await readShipped(store)).toMatchObject({ snapshot: 'new', records: [] });
    expect(await keys(store)).toEqual(['00000001/000000000102.snapshot']);
  });

  it('knows its own segment again when the answer was lost, and refuses to mix with that of another', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const put = store.put.bind(store);
    await using shipping = ship(join(folder.path, 'log'), store, { intervalMs: 1, patienceMs: 2 });
    store.put = async (...args) => {
      await put(...args);
      store.put = put;
      throw new LangevinError('storage_unavailable', 'the answer was lost');
    };
    shipping.log.compact('mine');
    await shipping.shipper.flush();
    expect(shipping.states.map(({ phase }) => phase)).toEqual(['behind', 'current']);
    await using other = ship(join(folder.path, 'other'), store, { intervalMs: 1 });
    other.log.compact('not mine');
    await expect(other.shipper.flush()).rejects.toMatchObject({ code: 'object_exists', message: expect.stringContaining('another coordinator') });
    other.log.append('more');
    await expect(other.shipper.flush()).rejects.toMatchObject({ code: 'object_exists' });
    expect(await readShipped(store)).toMatchObject({ snapshot: 'mine' });
  });

  it('that is stopped ships nothing more, and says so', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const { log, shipper } = ship(join(folder.path, 'log'), store);
    log.compact('a');
    await shipper.flush();
    log.append('b');
    shipper.stop();
    await expect(shipper.flush()).rejects.toMatchObject({ code: 'cancelled' });
    log.append('c');
    await log.close();
    expect(await readShipped(store)).toMatchObject({ snapshot: 'a', records: [] });
  });
});

describe('readShipped', () => {
  /** Segments 1.snapshot, 2.records, 3.records, 4.records of term 1. */
  async function shipped(folder: string): Promise<DirectoryStore> {
    const store = await DirectoryStore.open(join(folder, 'store'));
    await using shipping = ship(join(folder, 'log'), store);
    shipping.log.compact('start');
    for (const n of [2, 3, 4]) {
      await shipping.shipper.flush();
      shipping.log.append(n);
    }
    await shipping.shipper.flush();
    return store;
  }
  const segment = (n: number, kind: string): string => `v1/coordinator/log/00000001/00000000000${n}.${kind}`;

  it('leaves out a damaged end, and what lies behind a gap, with a word', async () => {
    await using folder = await temporaryFolder();
    const store = await shipped(folder.path);
    await damage(store, segment(4, 'records'));
    expect(await readShipped(store)).toEqual({ term: 1, snapshot: 'start', records: [2, 3], warnings: [expect.stringContaining(`${segment(4, 'records')}, is damaged and was left out`)] });
    await store.remove(segment(3, 'records'));
    expect(await readShipped(store)).toEqual({ term: 1, snapshot: 'start', records: [2], warnings: [expect.stringContaining('records 3 to 3 of the log of term 1 are missing')] });
  });

  it.each([['snapshot', 1], ['records', 2]] as const)('refuses a damaged %s that others rest on', async (kind, n) => {
    await using folder = await temporaryFolder();
    const store = await shipped(folder.path);
    await damage(store, segment(n, kind));
    await expect(readShipped(store)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringMatching(new RegExp(`${segment(n, kind)} is damaged; .*the log itself`)) });
  });

  it('takes no segment for another one', async () => {
    await using folder = await temporaryFolder();
    const store = await shipped(folder.path);
    await store.put(segment(3, 'records'), await store.get(segment(2, 'records')));
    await expect(readShipped(store)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(segment(3, 'records')) });
  });

  it('reads again when what it was about to read has been pruned', async () => {
    await using folder = await temporaryFolder();
    const store = await shipped(folder.path);
    const get = store.get.bind(store);
    store.get = async (key) => {
      store.get = get;
      await using shipping = ship(join(folder.path, 'log'), store, { term: 2 });
      shipping.log.compact('newer');
      await shipping.shipper.flush();
      await pruned(store, ['00000002/000000000005.snapshot']);
      return get(key);
    };
    expect(await readShipped(store)).toMatchObject({ term: 2, snapshot: 'newer' });
  });
});
