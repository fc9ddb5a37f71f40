import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { temporaryFolder } from '@langevin/testing';
import { DirectoryStore } from './directory-store.js';
import { readCheckpoint, readManifest } from './checkpoint-reader.js';
import { readDocument } from './documents.js';
import { blobKey, checkpointKey, modelAliasPrefix, modelVersionKey } from './layout.js';
import { readAlias } from './models/model-aliases.js';
import { readModelVersion } from './models/model-versions.js';
import { promoteModel } from './models/move-alias.js';
import { registerModel } from './models/register-model.js';
import type { ObjectStore } from './object-store.js';
import { changesBy, publishSteps } from './testing/model-fixture.js';

const damages = 500;
const seed = 42;

/** Each object of a small store, and who must notice when it is damaged. */
async function fill(store: ObjectStore): Promise<Map<string, () => Promise<unknown>>> {
  const [checkpoint] = await publishSteps(store, 'digits', 10);
  await registerModel(store, { model: 'mnist', checkpoint: checkpoint! }, changesBy('ann'));
  await promoteModel(store, { model: 'mnist', alias: 'production', version: 1 }, changesBy('ann'));
  const readers = new Map<string, () => Promise<unknown>>();
  const add = async (key: string, read: () => Promise<unknown>): Promise<void> => {
    readers.set(key, read);
    readers.set(blobKey((await readDocument(store, key)).ref.digest), read);
  };
  const readStep = () => readCheckpoint(store, 'digits', 10);
  await add(checkpointKey('digits', 10), readStep);
  for (const { digest } of (await readManifest(store, checkpoint!)).files) readers.set(blobKey(digest), readStep);
  await add(modelVersionKey('mnist', 1), () => readModelVersion(store, 'mnist', 1));
  await add(`${modelAliasPrefix('mnist', 'production')}/00000001.json`, () => readAlias(store, 'mnist', 'production'));
  return readers;
}

/** A bit turned, the end cut off, or something added: each time at a random place. */
function damage(intact: Uint8Array, random: PhiloxStream): Uint8Array {
  const damaged = Buffer.from(intact);
  const at = random.uniformInt(intact.byteLength);
  switch (random.uniformInt(4)) {
    case 0:
      return damaged.subarray(0, at);
    case 1:
      return Buffer.concat([damaged, damaged.subarray(0, at + 1)]);
    default:
      damaged[at]! ^= 1 << random.uniformInt(8);
      return damaged;
  }
}

describe('a store', () => {
  it(`refuses every one of ${damages} random damages (seed ${seed}), naming the object`, async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const readers = [...(await fill(store))];
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(readers.map(([key]) => key).sort()).toEqual(keys);
    const random = new PhiloxStream({ seed, purpose: 'noise' });
    for (let i = 0; i < damages; i++) {
      const [key, read] = readers[i % readers.length]!;
      const intact = await store.get(key);
      await store.put(key, damage(intact, random));
      await expect(read()).rejects.toMatchObject({ code: expect.stringMatching(/_corrupt$/), message: expect.stringContaining(key) });
      await store.put(key, intact);
    }
    for (const [, read] of readers) await read();
  }, 60_000);
});
