import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobRef, DatasetManifest } from '@langevin/contracts';
import { DirectoryStore, getBlob } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import type { DatasetSource, LabelledImages } from './dataset-source.js';
import { importSource } from './dataset-store.js';
import { ShardCache } from './shard-cache.js';
import { decodeShard, encodeShard } from './shard.js';

const random = (samples: number): LabelledImages => ({
  images: Uint8Array.from({ length: samples * 4 }, (_, i) => (i * 37) % 256),
  labels: Uint8Array.from({ length: samples }, (_, i) => (i * 3) % 7),
});

const tiny: DatasetSource = {
  name: 'tiny',
  imageShape: [2, 2, 1],
  classes: 7,
  source: 'made here',
  license: 'none',
  load: () => Promise.resolve({ train: random(2500), test: random(3) }),
};

/** A store with the dataset, and a fetch that counts. */
async function served(path: string): Promise<{ manifest: DatasetManifest; fetched: string[]; fetch: (ref: BlobRef) => Promise<Uint8Array> }> {
  const store = await DirectoryStore.open(join(path, 'store'));
  const { manifest } = await importSource(store, tiny);
  const fetched: string[] = [];
  return { manifest, fetched, fetch: async (ref) => (fetched.push(ref.digest), getBlob(store, ref)) };
}

const fileOf = (folder: string, digest: string): string => join(folder, 'v1/blobs/sha256', digest.slice(0, 2), digest);

describe('ShardCache', () => {
  it('gives the asked-for samples in order, pixels as x/127.5 − 1', async () => {
    await using temporary = await temporaryFolder();
    const { manifest, fetch } = await served(temporary.path);
    const cache = await ShardCache.open({ manifest, split: 'train', folder: join(temporary.path, 'cache'), fetch });
    const indices = [2499, 0, 999, 1000, 0, 2000];
    const batch = await cache.batch(indices);
    const { train } = await tiny.load();
    expect([...batch.labels]).toEqual(indices.map((index) => train.labels[index]));
    const expected = indices.flatMap((index) => [...train.images.subarray(index * 4, index * 4 + 4)].map((x) => Math.fround(x / 127.5 - 1)));
    expect([...batch.images]).toEqual(expected);
    expect(cache.samples).toBe(2500);
    expect(await cache.batch([])).toEqual({ images: new Float32Array(0), labels: new Int32Array(0) });
  });

  it('fetches a shard once, whoever asks, and nothing after a restart', async () => {
    await using temporary = await temporaryFolder();
    const { manifest, fetch, fetched } = await served(temporary.path);
    const options = { manifest, split: 'train', folder: join(temporary.path, 'cache'), fetch } as const;
    const cache = await ShardCache.open(options);
    const [a, b] = await Promise.all([cache.batch([1, 2]), cache.batch([1, 2])]);
    expect(a).toEqual(b);
    await cache.batch([0, 1500]);
    expect(fetched).toEqual(manifest.splits.train.shards.slice(0, 2).map(({ digest }) => digest));
    expect(await (await ShardCache.open(options)).batch([1, 2])).toEqual(a);
    expect(fetched).toHaveLength(2);
  });

  it('fetches a damaged file again, once, and mends it', async () => {
    await using temporary = await temporaryFolder();
    const { manifest, fetch, fetched } = await served(temporary.path);
    const options = { manifest, split: 'train', folder: join(temporary.path, 'cache'), fetch } as const;
    const whole = await (await ShardCache.open(options)).batch([5]);
    const file = fileOf(options.folder, fetched[0]!);
    const intact = await readFile(file);
    const damaged = Buffer.from(intact);
    damaged.writeUInt8(intact[500]! ^ 4, 500);
    await writeFile(file, damaged);
    expect(await (await ShardCache.open(options)).batch([5])).toEqual(whole);
    expect(fetched).toEqual([fetched[0], fetched[0]]);
    expect((await readFile(file)).equals(intact)).toBe(true);
  });

  it('refuses what is not what the manifest names, keeps none of it, and tries again the next time', async () => {
    await using temporary = await temporaryFolder();
    const { manifest, fetch } = await served(temporary.path);
    let lie = true;
    const lying = async (ref: BlobRef): Promise<Uint8Array> => {
      const bytes = Uint8Array.from(await fetch(ref));
      if (lie) bytes[bytes.length - 1]! ^= 1;
      return bytes;
    };
    const cache = await ShardCache.open({ manifest, split: 'train', folder: join(temporary.path, 'cache'), fetch: lying });
    const { digest } = manifest.splits.train.shards[0]!;
    await expect(cache.batch([0])).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(`shard ${digest} of tiny`) });
    expect(await readdir(join(temporary.path, 'cache'))).toEqual(['.tmp']);
    lie = false;
    expect((await cache.batch([0])).labels[0]).toBe(0);
  });

  it('keeps as many shards in memory as it may, and reads the others from its folder', async () => {
    await using temporary = await temporaryFolder();
    const { manifest, fetch, fetched } = await served(temporary.path);
    const folder = join(temporary.path, 'cache');
    const cache = await ShardCache.open({ manifest, split: 'train', folder, fetch, memoryBytes: 1 });
    await cache.batch([0]);
    await cache.batch([1000]);
    await writeFile(fileOf(folder, manifest.splits.train.shards[0]!.digest), 'damage');
    await writeFile(fileOf(folder, manifest.splits.train.shards[1]!.digest), 'damage');
    await cache.batch([1001]);
    expect(fetched).toHaveLength(2);
    await cache.batch([1]);
    expect(fetched).toHaveLength(3);
  });

  it('refuses samples that do not exist', async () => {
    await using temporary = await temporaryFolder();
    const { manifest, fetch } = await served(temporary.path);
    const cache = await ShardCache.open({ manifest, split: 'test', folder: join(temporary.path, 'cache'), fetch });
    for (const index of [-1, 3, 0.5, NaN]) {
      await expect(cache.batch([index])).rejects.toMatchObject({ code: 'invalid_argument', message: `sample ${index} is not within 0 … 2 of tiny` });
    }
  });
});

describe('decodeShard', () => {
  const dataset = { name: 'tiny', imageShape: [2, 2, 1] as [number, number, number], classes: 7 };

  it('refuses shapes and labels that the manifest does not admit', () => {
    const bytes = encodeShard(random(10), dataset.imageShape);
    expect(decodeShard(bytes, 10, dataset)).toEqual(random(10));
    expect(() => decodeShard(bytes, 9, dataset)).toThrow('shard of tiny: images is U8 [10,2,2,1], the manifest says U8 [9,2,2,1]');
    expect(() => decodeShard(bytes, 10, { ...dataset, classes: 6 })).toThrow('sample 2 has label 6, there are 6 classes');
  });
});
