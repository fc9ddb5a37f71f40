import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DirectoryStore } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import { readCheckpointWeights } from './checkpoint-weights.js';
import { diffusionModel } from './diffusion-model.js';
import { openCheckpoint } from './open-checkpoint.js';
import { publishTiny, tinyCheckpoint } from './testing/tiny-checkpoint.js';

/** A data directory whose store holds the run `tiny` at these steps. */
async function dataDirectory(folder: string, steps: readonly number[]): Promise<DirectoryStore> {
  const store = await DirectoryStore.open(join(folder, 'store'));
  for (const step of steps) await publishTiny(store, step);
  return store;
}

describe('readCheckpointWeights', () => {
  it('reads the averaged weights of the newest step unless told otherwise', async () => {
    await using folder = await temporaryFolder();
    const store = await dataDirectory(folder.path, [5, 10]);
    const { run, step, weights, spec, parameters } = await readCheckpointWeights({ store, run: 'tiny' });
    expect([run, step, weights, spec]).toEqual(['tiny', 10, 'ema', tinyCheckpoint().spec]);
    expect(parameters).toEqual(tinyCheckpoint(1).parameters);
  });

  it('reads the weights that training ended with, of a step by its number', async () => {
    await using folder = await temporaryFolder();
    const store = await dataDirectory(folder.path, [5, 10]);
    const { step, parameters } = await readCheckpointWeights({ store, run: 'tiny', step: 5, weights: 'weights' });
    expect(step).toBe(5);
    expect(parameters).toEqual(tinyCheckpoint(2).parameters);
  });

  it('takes a store, its path, or the data directory around it', async () => {
    await using folder = await temporaryFolder();
    const store = await dataDirectory(folder.path, [5]);
    const digests = [];
    for (const place of [{ store }, { store: store.location }, { dataDir: folder.path }]) {
      digests.push((await readCheckpointWeights({ ...place, run: 'tiny' })).digest);
    }
    expect(new Set(digests).size).toBe(1);
  });

  it('names the damaged file when a byte has changed', async () => {
    await using folder = await temporaryFolder();
    const store = await dataDirectory(folder.path, [5]);
    const { manifest } = await publishTiny(store, 5);
    const digest = manifest.files.find((file) => file.role === 'ema')!.digest;
    const names = await readdir(store.location, { recursive: true });
    const path = join(store.location, names.find((name) => name.endsWith(digest))!);
    const bytes = await readFile(path);
    bytes[1000]! ^= 1;
    await writeFile(path, bytes);
    await expect(readCheckpointWeights({ store, run: 'tiny', step: 5 })).rejects.toThrow(
      expect.objectContaining({ code: 'checkpoint_corrupt', message: expect.stringContaining(digest) }),
    );
  });

  it('says which runs there are when there is none of that name', async () => {
    await using folder = await temporaryFolder();
    const store = await dataDirectory(folder.path, []);
    await expect(readCheckpointWeights({ store, run: 'tiny' })).rejects.toThrow(expect.objectContaining({ code: 'run_unknown' }));
  });

  it('creates no store where there is none, and says where it looked', async () => {
    await using folder = await temporaryFolder();
    await expect(readCheckpointWeights({ dataDir: folder.path, run: 'tiny' })).rejects.toThrow(
      expect.objectContaining({ code: 'storage_failed', message: expect.stringContaining(`there is no store at ${join(folder.path, 'store')}`) }),
    );
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe('openCheckpoint', () => {
  it('opens a model that draws what its weights draw', async () => {
    await using folder = await temporaryFolder();
    await dataDirectory(folder.path, [5]);
    const model = await openCheckpoint({ dataDir: folder.path, run: 'tiny', backend: 'cpu' });
    const direct = diffusionModel(tinyCheckpoint(1));
    const options = { labels: [0, 2], steps: 3, seed: 8 };
    expect(await model.sample(options)).toEqual(await direct.sample(options));
    model.dispose();
    direct.dispose();
  });
});
