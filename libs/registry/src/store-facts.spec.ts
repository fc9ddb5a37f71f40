import { temporaryFolder } from '@langevin/testing';
import { clusterId } from './cluster-id.js';
import { DirectoryStore } from './directory-store.js';
import { clusterKey } from './layout.js';
import { storeFacts } from './store-facts.js';

describe('clusterId', () => {
  it('is the first one for ever, whoever asks', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const ids = await Promise.all(Array.from({ length: 8 }, (_, i) => clusterId(store, `id-${i}`)));
    expect(new Set(ids).size).toBe(1);
    expect(await clusterId(await DirectoryStore.open(folder.path), 'late')).toBe(ids[0]);
  });
});

describe('storeFacts', () => {
  it('tell where the store is, whose, and what it still takes', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    expect(await storeFacts(store)).toEqual({ location: folder.path, writable: true, freeBytes: expect.any(Number), problems: [] });
    await clusterId(store, 'mine');
    expect(await storeFacts(store)).toMatchObject({ clusterId: 'mine' });
  });

  it('turn damage into a problem instead of throwing', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await store.put(clusterKey, Buffer.from('?'));
    expect((await storeFacts(store)).problems).toEqual([expect.stringContaining('v1/cluster.json is damaged')]);
  });
});
