import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { temporaryFolder } from '@langevin/testing';
import { publishCheckpoint } from './checkpoint-publisher.js';
import { listCheckpoints, readCheckpoint, readCheckpointFiles, readManifest } from './checkpoint-reader.js';
import { DirectoryStore } from './directory-store.js';
import { readDocument } from './documents.js';
import { blobKey, checkpointKey } from './layout.js';
import { openRun } from './runs.js';
import { checkpointContents, checkpointFacts, exampleSpec } from './testing/checkpoint-fixture.js';

async function storeWith(path: string, ...steps: number[]): Promise<DirectoryStore> {
  const store = await DirectoryStore.open(path);
  for (const step of steps) await publishCheckpoint(store, checkpointFacts('digits', step), checkpointContents(step));
  return store;
}

describe('publishing a checkpoint', () => {
  it('makes it readable by step, as the latest and by its digest', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 90, 100);
    const published = await publishCheckpoint(store, checkpointFacts('digits', 1000), checkpointContents(1000));
    expect(await listCheckpoints(store, 'digits')).toEqual([90, 100, 1000]);
    const latest = await readCheckpoint(store, 'digits', 'latest');
    expect(latest.digest).toBe(published.digest);
    expect(latest.manifest).toEqual(published.manifest);
    for (const { path, content } of checkpointContents(1000)) expect(Buffer.from(latest.files.get(path) ?? []).equals(content)).toBe(true);
    expect((await readCheckpoint(store, 'digits', 90)).manifest.step).toBe(90);
    expect(await readManifest(store, published.digest)).toEqual(published.manifest);
    expect((await store.head('v1/runs/digits/ckpt/000000001000.json'))?.key).toBeDefined();
  });

  it('loads only the roles that are asked for', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 5);
    const { manifest, files } = await readCheckpoint(store, 'digits', 5, { roles: ['ema'] });
    expect([...files.keys()]).toEqual(['ema.safetensors']);
    expect([...(await readCheckpointFiles(store, manifest)).keys()]).toEqual(['weights.safetensors', 'ema.safetensors', 'optimizer.safetensors']);
  });

  it('again, or under another number of trainers, changes nothing', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 10);
    const { digest } = await readCheckpoint(store, 'digits', 10);
    expect((await publishCheckpoint(store, checkpointFacts('digits', 10), checkpointContents(10))).digest).toBe(digest);
    const facts = checkpointFacts('digits', 10);
    const elsewhere = { ...facts, spec: { ...facts.spec, trainers: { min: 5 } } };
    expect((await publishCheckpoint(store, elsewhere, checkpointContents(10))).digest).toBe(digest);
    expect((await readCheckpoint(store, 'digits', 10)).digest).toBe(digest);
  });

  it('with other bytes for the same step is refused with what differs, and the first stays', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 10);
    const { digest } = await readCheckpoint(store, 'digits', 10);
    await expect(publishCheckpoint(store, { ...checkpointFacts('digits', 10), loss: 0.25 }, checkpointContents(10))).rejects.toMatchObject({
      code: 'object_exists',
      message: 'run "digits" has another checkpoint at step 10: loss is 0.5 there, 0.25 here; it stays; train under another name',
    });
    await expect(publishCheckpoint(store, checkpointFacts('digits', 10), checkpointContents(11))).rejects.toMatchObject({ code: 'object_exists' });
    expect((await readCheckpoint(store, 'digits', 10)).digest).toBe(digest);
  });

  it('repairs a damaged one', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 10);
    const before = await readCheckpoint(store, 'digits', 10);
    for (const key of [checkpointKey('digits', 10), blobKey(before.digest), ...before.manifest.files.map(({ digest }) => blobKey(digest))]) {
      await store.put(key, Buffer.from('damage'));
      await expect(readCheckpoint(store, 'digits', 10)).rejects.toMatchObject({ code: 'checkpoint_corrupt' });
      await publishCheckpoint(store, checkpointFacts('digits', 10), checkpointContents(10));
      expect((await readCheckpoint(store, 'digits', 10)).digest).toBe(before.digest);
    }
  });
});

describe('reading a checkpoint', () => {
  it('says which runs and which steps there are', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 10, 20);
    await expect(readCheckpoint(store, 'digits', 15)).rejects.toMatchObject({ code: 'checkpoint_missing', message: expect.stringContaining('it has 10, 20') });
    await openRun(store, exampleSpec('fresh'), 'd'.repeat(64));
    await expect(readCheckpoint(store, 'fresh', 'latest')).rejects.toMatchObject({ code: 'checkpoint_missing', message: 'run "fresh" has no checkpoint yet' });
    await expect(readCheckpoint(store, 'digit', 'latest')).rejects.toMatchObject({ code: 'run_unknown', message: expect.stringContaining('there is fresh') });
    await expect(readManifest(store, '0'.repeat(64))).rejects.toMatchObject({ code: 'checkpoint_missing' });
  });

  it('takes the newest one that is whole, and warns of each damaged one', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 10, 20, 30);
    const weights = (await readCheckpoint(store, 'digits', 30)).manifest.files[0]!;
    await store.put(blobKey(weights.digest), checkpointContents(31)[0]!.content);
    await store.put(checkpointKey('digits', 20), Buffer.from('{'));
    const warnings: string[] = [];
    const { manifest } = await readCheckpoint(store, 'digits', 'latest', { onWarning: (text) => warnings.push(text) });
    expect(manifest.step).toBe(10);
    expect(warnings).toEqual([
      expect.stringMatching(new RegExp(`^checkpoint 30 of run "digits": .*${weights.digest} is damaged: its sha256 is [0-9a-f]{64} instead of ${weights.digest}$`)),
      expect.stringMatching(/^checkpoint 20 of run "digits": .*000000000020.json is damaged/),
    ]);
    await store.put(checkpointKey('digits', 10), Buffer.from('{'));
    await expect(readCheckpoint(store, 'digits', 'latest')).rejects.toMatchObject({ code: 'checkpoint_corrupt', message: expect.stringMatching(/every checkpoint.*30.*20.*10/) });
  });

  it('never goes back because the store cannot be read', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 10, 20);
    const get = store.get.bind(store);
    store.get = (key) => (key === checkpointKey('digits', 20) ? Promise.reject(new LangevinError('storage_failed', 'the disk is away')) : get(key));
    await expect(readCheckpoint(store, 'digits', 'latest')).rejects.toMatchObject({ code: 'storage_failed' });
  });

  it('refuses every one of 200 random bit flips, naming the file', async () => {
    await using folder = await temporaryFolder();
    const store = await storeWith(folder.path, 10);
    const pointer = checkpointKey('digits', 10);
    const { ref } = await readDocument(store, pointer);
    const { manifest } = await readCheckpoint(store, 'digits', 10);
    const keys = [pointer, blobKey(ref.digest), ...manifest.files.map(({ digest }) => blobKey(digest))];
    const random = new PhiloxStream({ seed: 6, purpose: 'noise' });
    const flips = new Map<string, number>();
    for (let i = 0; i < 200; i++) {
      const key = keys[i % keys.length]!;
      const path = join(folder.path, key);
      const intact = await readFile(path);
      const damaged = Buffer.from(intact);
      const at = random.uniformInt(intact.length);
      damaged.writeUInt8(intact[at]! ^ (1 << random.uniformInt(8)), at);
      await writeFile(path, damaged);
      await expect(readCheckpoint(store, 'digits', 10)).rejects.toMatchObject({ code: 'checkpoint_corrupt', message: expect.stringContaining(key) });
      await writeFile(path, intact);
      flips.set(key, (flips.get(key) ?? 0) + 1);
    }
    expect([...flips.values()]).toEqual([40, 40, 40, 40, 40]);
    expect((await readCheckpoint(store, 'digits', 10)).digest).toBe(ref.digest);
  });
});
