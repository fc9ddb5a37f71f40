import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryStore, getBlob } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import type { DatasetSource } from './dataset-source.js';
import { importDataset, importSource, listDatasets, readDataset, type ImportProgress } from './dataset-store.js';
import { decodeShard } from './shard.js';

/** 1,234 and 7 images of 2×1×3 bytes that count upwards. */
const counting: DatasetSource = {
  name: 'counting',
  imageShape: [2, 1, 3],
  classes: 5,
  source: 'made here',
  license: 'none',
  load: () => Promise.resolve({ train: count(1234), test: count(7) }),
};

function count(samples: number): { images: Uint8Array; labels: Uint8Array } {
  return { images: Uint8Array.from({ length: samples * 6 }, (_, i) => i % 256), labels: Uint8Array.from({ length: samples }, (_, i) => i % 5) };
}

describe('importing a dataset', () => {
  it('cuts each split into shards that hold every sample once, in order', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const progress: ImportProgress[] = [];
    const imported = await importSource(store, counting, { onProgress: (now) => progress.push(now) });
    const { manifest, digest, size } = imported;
    expect(await readDataset(store, 'counting')).toEqual(imported);
    expect(await getBlob(store, { digest, size })).toHaveLength(size);
    expect(manifest.splits.train.shards.map(({ first, samples }) => [first, samples])).toEqual([[0, 1000], [1000, 234]]);
    expect(progress).toEqual([{ done: 1000, total: 1241 }, { done: 1234, total: 1241 }, { done: 1241, total: 1241 }]);
    const { train } = await counting.load();
    const images: Uint8Array[] = [];
    for (const { samples, ...ref } of manifest.splits.train.shards) {
      const shard = decodeShard(await getBlob(store, ref), samples, manifest);
      images.push(shard.images);
      expect(shard.labels).toHaveLength(samples);
    }
    expect(Buffer.concat(images).equals(train.images)).toBe(true);
  });

  it('again gives the same digest, and repairs what is damaged', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const { digest, manifest } = await importSource(store, counting);
    const shard = manifest.splits.train.shards[1]!;
    await store.put(`v1/blobs/sha256/${shard.digest.slice(0, 2)}/${shard.digest}`, Buffer.from('damage'));
    await store.put('v1/datasets/counting.json', Buffer.from('damage'));
    await expect(readDataset(store, 'counting')).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('v1/datasets/counting.json') });
    expect((await importSource(store, counting)).digest).toBe(digest);
    expect((await getBlob(store, shard)).byteLength).toBe(shard.size);
    expect((await readDataset(store, 'counting')).digest).toBe(digest);
  });

  it('refuses another dataset of the same name', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await importSource(store, counting);
    await expect(importSource(store, { ...counting, classes: 6 })).rejects.toMatchObject({ code: 'object_exists', message: expect.stringContaining('another dataset "counting"') });
  });

  it('of real digits works, twice, and ends in the same manifest everywhere', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const { digest, manifest } = await importDataset(store, 'mnist-digits');
    expect(manifest).toMatchObject({ imageShape: [28, 28, 1], classes: 10, splits: { train: { samples: 9000 }, test: { samples: 1000 } } });
    expect(manifest.splits.train.shards).toHaveLength(9);
    expect(digest).toBe('987e40105f80a05a70369338fb3c85b7b79ef28846f63413504ee70aeb437ca6');
    expect((await importDataset(store, 'mnist-digits')).digest).toBe(digest);
    expect(await listDatasets(store)).toEqual(['mnist-digits']);
  }, 60_000);
});

describe('a dataset that is not there', () => {
  it('is answered with the command that imports it', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await expect(readDataset(store, 'mnist-digits')).rejects.toMatchObject({
      code: 'dataset_missing',
      message: `dataset "mnist-digits" is not in ${folder.path}: run \`langevin dataset import mnist-digits\``,
    });
  });

  it('and that nobody knows is answered with the names that there are', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await importSource(store, counting);
    await expect(readDataset(store, 'mnist')).rejects.toMatchObject({ code: 'dataset_missing', message: 'there is no dataset "mnist"; there is counting, mnist-digits' });
    await expect(importDataset(store, 'cifar')).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('there is mnist-digits') });
    await rm(join(folder.path, 'v1'), { recursive: true });
    expect(await listDatasets(store)).toEqual([]);
  });
});
