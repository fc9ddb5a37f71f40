import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DirectoryStore, openStore, type ObjectStore } from '@langevin/registry';
import { startMinio, startMoto, startProcess, temporaryFolder, type StartedProcess } from '@langevin/testing';
import { CoordinatorLease, sleepAwareClock, type TakeLeaseOptions } from './coordinator-lease.js';
import { readLease, type Lease, type LeaseHolder } from './lease-record.js';
import { ownProcess } from './process-mark.js';

// A server takes its time to start when the machine does much else.
jest.setTimeout(120_000);

/** Observing takes three and a half of them. */
const periodMs = 250;

/** A period in which nothing happens by itself. */
const still = 1_000_000;

const holder = (name: string, more: Partial<LeaseHolder> = {}): LeaseHolder => ({ ...ownProcess(), name, folder: `folder of ${name}`, address: `10.0.0.1:${name.length}`, incarnation: `${name}-1`, ...more });

/** A machine that cannot be seen from here. */
const elsewhere = { host: 'far-away', process: '' };

function take(store: ObjectStore, name: string, options: Partial<TakeLeaseOptions> = {}): Promise<CoordinatorLease> {
  return CoordinatorLease.take({ store, holder: holder(name), takeover: false, onFenced: () => undefined, periodMs, ...options });
}

/** A store that a paused holder has: nothing that it writes gets there, until it goes on. */
function pausable(store: ObjectStore): { readonly store: ObjectStore; pause(): void; goOn(): void } {
  let isPaused = false;
  const put: ObjectStore['put'] = (...args) => (isPaused ? Promise.reject(new Error('paused')) : store.put(...args));
  const methods = { get: store.get, head: store.head, list: store.list, remove: store.remove, stream: store.stream, probe: store.probe };
  const bound = Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, method.bind(store)])) as typeof methods; // The same names.
  return { store: { location: store.location, put, ...bound }, pause: () => void (isPaused = true), goOn: () => void (isPaused = false) };
}

async function keys(store: ObjectStore, prefix: string): Promise<string[]> {
  const all: string[] = [];
  for await (const { key } of store.list(prefix)) all.push(key);
  return all;
}

const refusal = (...words: string[]) => ({ code: 'address_in_use', message: expect.stringMatching(words.join('.*')) });

interface Place extends AsyncDisposable {
  fresh(): Promise<ObjectStore>;
}

async function directory(): Promise<Place> {
  const folder = await temporaryFolder();
  let stores = 0;
  return { fresh: () => DirectoryStore.open(join(folder.path, String(++stores))), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const onServer = (start: typeof startMinio | typeof startMoto) => async (): Promise<Place> => {
  const server = await start({ buckets: ['specs'] });
  let stores = 0;
  return { fresh: () => openStore(server.location('specs', `store-${++stores}`), { env: server.env }), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
};

describe.each([
  ['a directory', directory],
  ['MinIO', onServer(startMinio)],
  ['moto', onServer(startMoto)],
])('the lease of a store in %s', (_name, start) => {
  let place: Place;
  beforeAll(async () => {
    place = await start();
  });
  afterAll(() => place[Symbol.asyncDispose]());

  it('is of one coordinator after the other, each with the next term', async () => {
    const store = await place.fresh();
    expect(await readLease(store)).toBeUndefined();
    for (const term of [1, 2, 3]) {
      const lease = await take(store, `c${term}`);
      expect(lease.term).toBe(term);
      expect(lease.isCertain(sleepAwareClock())).toBe(true);
      expect(await readLease(store)).toMatchObject({ term, holder: { name: `c${term}`, address: '10.0.0.1:2', pid: process.pid }, isReleased: false });
      await lease.announce('10.0.0.1:7433');
      expect(await readLease(store)).toMatchObject({ term, holder: { address: '10.0.0.1:7433' } });
      await lease.release();
      await lease.release();
      expect(lease.standing(sleepAwareClock())).toBe('released');
      expect(await lease.confirm()).toBe(false);
      expect(await readLease(store)).toMatchObject({ term, isReleased: true });
    }
  });

  it('is refused while it is renewed, also to a takeover, with name and address of its holder', async () => {
    const store = await place.fresh();
    await using lease = await take(store, 'first');
    await expect(take(store, 'second')).rejects.toMatchObject(refusal(store.location.replace(/[?]/g, '.'), 'already has a coordinator: "first" at 10.0.0.1:5 \\(process', 'which renews', 'stop it first$'));
    await expect(take(store, 'second', { takeover: true })).rejects.toMatchObject(refusal('"first" at 10.0.0.1:5', 'only of one that does not renew'));
    expect(await readLease(store)).toMatchObject({ term: lease.term, holder: { name: 'first' } });
    expect(await lease.confirm()).toBe(true);
  });

  it('that is not renewed any more is taken over, by who says so, and whoever wakes then is fenced', async () => {
    const store = await place.fresh();
    const paused = pausable(store);
    const fenced: (Lease | null)[] = [];
    await using first = await take(paused.store, 'first', { onFenced: (by) => fenced.push(by) });
    paused.pause();
    await expect(take(store, 'second')).rejects.toMatchObject(refusal('"first" at 10.0.0.1:5', 'has not renewed its lease for 0.875 s', 'langevin up --takeover'));
    expect(first.isCertain(sleepAwareClock())).toBe(false);
    await expect(first.confirm()).rejects.toThrow('paused');
    await using second = await take(store, 'second', { takeover: true });
    expect(second.term).toBe(2);
    paused.goOn();
    expect(await first.confirm()).toBe(false);
    expect(first.standing(sleepAwareClock())).toBe('fenced');
    expect(fenced).toEqual([expect.objectContaining({ term: 2, holder: expect.objectContaining({ name: 'second' }) })]);
    await first.release();
    expect(await second.confirm()).toBe(true);
    expect(await readLease(store)).toMatchObject({ term: 2, isReleased: false });
  });

  it('is taken by exactly one of those who want it at the same moment', async () => {
    const store = await place.fresh();
    const paused = pausable(store);
    await using _gone = await take(paused.store, 'gone');
    paused.pause();
    const results = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => take(store, `rival ${i}`, { takeover: true })));
    const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(winners.map(({ term }) => term)).toEqual([2]);
    expect(results.filter((result) => result.status === 'rejected' && result.reason.code === 'address_in_use')).toHaveLength(5);
    await winners[0]?.release();
  });

  it('leaves one object for all renewals, and two for each taking', async () => {
    const store = await place.fresh();
    for (let term = 1; term <= 3; term++) {
      await using lease = await take(store, 'c', { holder: holder('c', { incarnation: `c-${term}` }) });
      for (let i = 0; i < 20; i++) await lease.confirm();
    }
    expect(await keys(store, 'v1/coordinator/')).toEqual(['v1/coordinator/beats/00000003.json', ...[1, 2, 3].map((term) => `v1/coordinator/lease/0000000${term}.json`)]);
    expect(await keys(store, '')).toHaveLength(4 + 3);
  });
});

describe('a holder', () => {
  it('is certain for three periods after the begin of its newest renewal, by its own clock', async () => {
    await using folder = await temporaryFolder();
    let now = 5_000;
    await using lease = await take(await DirectoryStore.open(folder.path), 'c', { periodMs: still, clock: () => now });
    now += 3 * still - 1;
    expect(lease.standing(now)).toBe('certain');
    expect(lease.standing(++now)).toBe('stale');
    expect(await lease.confirm()).toBe(true);
    expect(lease.standing(now)).toBe('certain');
  });

  it('tells that the store is away from having been stopped itself', async () => {
    await using folder = await temporaryFolder();
    const paused = pausable(await DirectoryStore.open(folder.path));
    let slept = 0;
    const clock = (): number => performance.now() + slept;
    await using lease = await take(paused.store, 'c', { periodMs: 20, clock });
    paused.pause();
    while (lease.isCertain(clock())) await setTimeout(5);
    expect(lease.standing(clock())).toBe('unreachable');
    slept += 1000;
    expect(lease.standing(clock())).toBe('stale');
    // It still does not know, though it runs again.
    await setTimeout(60);
    expect(lease.standing(clock())).toBe('stale');
    paused.goOn();
    expect(await lease.confirm()).toBe(true);
    expect(lease.standing(clock())).toBe('certain');
  });

  it('that renews between being observed and losing its lease has lost its certainty before the other one acts', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const paused = pausable(store);
    await using first = await take(paused.store, 'first');
    paused.pause();
    let certainAtTaking: boolean | undefined;
    const swapping = pausable(store).store;
    const put = swapping.put.bind(swapping);
    const late: ObjectStore = {
      ...swapping,
      put: async (key, body, options) => {
        if (key.includes('/lease/')) {
          paused.goOn();
          await first.confirm();
          paused.pause();
          certainAtTaking = first.isCertain(sleepAwareClock());
        }
        return put(key, body, options);
      },
    };
    await using second = await take(late, 'second', { takeover: true });
    expect(certainAtTaking).toBe(true);
    expect([second.term, second.isCertain(sleepAwareClock()), first.isCertain(sleepAwareClock())]).toEqual([2, true, false]);
  });

  it('renews in a directory by changing a file where it lies', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await using lease = await take(store, 'c', { periodMs: still });
    const file = join(folder.path, 'v1/coordinator/beats/00000001.json');
    const before = readFileSync(file, 'utf8');
    await store.put('v1/coordinator/beats/00000001.json', Buffer.from(before));
    store.put = () => Promise.reject(new Error('nothing is put'));
    await lease.confirm();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...JSON.parse(before), count: '000000000002' });
  });
});

describe('a coordinator process', () => {
  const holding = async (path: string, name: string, folder: string, period: number): Promise<StartedProcess> => {
    const script = [join(__dirname, 'testing/typescript-hook.cjs'), join(__dirname, 'testing/hold-lease.cjs')] as const;
    return startProcess(process.execPath, ['--conditions=@langevin/source', '-r', ...script, path, name, folder, String(period)]);
  };

  it('that was killed gives way at once to the next one of its data folder, and to another one with --takeover', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    for (const next of ['same', 'other']) {
      await using child = await holding(folder.path, 'killed', 'its folder', still);
      await child.waitForLine(/^took term/, 60_000);
      child.signal('SIGKILL');
      await child.exited;
      if (next === 'other') await expect(take(store, 'other')).rejects.toMatchObject(refusal('"killed"', 'has ended without giving its lease back', '--takeover'));
      await using lease = await take(store, next, next === 'other' ? { takeover: true } : { holder: holder(next, { folder: 'its folder' }) });
      expect(lease.isCertain(sleepAwareClock())).toBe(true);
    }
  });

  it('of the same data folder that cannot be seen from here gives way when it does not renew, without being told to', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const paused = pausable(store);
    await using _before = await take(paused.store, 'before the reboot', { holder: holder('before the reboot', { ...elsewhere, folder: 'f' }) });
    await expect(take(store, 'after', { holder: holder('after', { folder: 'f' }) })).rejects.toMatchObject(refusal('which renews'));
    paused.pause();
    await expect(take(store, 'other')).rejects.toMatchObject(refusal('--takeover'));
    await using after = await take(store, 'after', { holder: holder('after', { folder: 'f' }) });
    expect(after.term).toBe(2);
  });

  it('that was stopped and wakes does not act once its lease was taken', async () => {
    await using folder = await temporaryFolder();
    await using child = await holding(folder.path, 'stopped', 'its folder', 100);
    await child.waitForLine(/^acts$/, 60_000);
    const store = await DirectoryStore.open(folder.path);
    child.signal('SIGSTOP');
    await expect(take(store, 'second', { holder: holder('second', { folder: 'its folder' }) })).rejects.toMatchObject(refusal('"stopped" at 127.0.0.1:7433', 'has not renewed its lease for 0.35 s', '--takeover'));
    await using second = await take(store, 'second', { takeover: true });
    const before = child.stdout().length;
    child.signal('SIGCONT');
    await child.waitForLine(/^fenced by second term 2$/);
    await child.waitForLine(/^fenced$/);
    expect(child.stdout().slice(before)).not.toContain('acts');
    expect(await second.confirm()).toBe(true);
  });
});
