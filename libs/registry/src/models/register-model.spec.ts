import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { putBlob } from '../blobs.js';
import { readManifest } from '../checkpoint-reader.js';
import { DirectoryStore } from '../directory-store.js';
import { blobKey, modelVersionKey } from '../layout.js';
import type { ObjectStore } from '../object-store.js';
import { changesBy, modelWithVersions, publishSteps } from '../testing/model-fixture.js';
import { listModels, listModelVersions, readModelVersion } from './model-versions.js';
import { registerModel } from './register-model.js';

/** A store that writes and then says `exists`, as an adapter does that asked again after it lost the answer. */
function losingAnswers(store: ObjectStore, lost: RegExp): ObjectStore {
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'put') return bound(target, name);
      return async (...args: Parameters<ObjectStore['put']>) => {
        const result = await target.put(...args);
        return lost.test(args[0]) ? 'exists' : result;
      };
    },
  });
}

function bound(target: ObjectStore, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
}

describe('registering a model', () => {
  it('makes versions 1, 2, … of committed checkpoints, and records where they come from', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [first, second] = await publishSteps(store, 'digits', 10, 20);
    const context = changesBy('ann');
    const registered = await registerModel(store, { model: 'mnist', checkpoint: first!, note: 'the first', license: 'CC-BY-SA-3.0' }, context);
    const manifest = await readManifest(store, first!);
    expect(registered).toEqual({
      created: true,
      version: {
        schemaVersion: 1,
        kind: 'model-version',
        name: 'mnist',
        version: 1,
        checkpoint: first,
        run: 'digits',
        step: 10,
        guidanceRole: 'denoiser',
        scheduleDigest: 'a'.repeat(64),
        weights: manifest.files.find(({ role }) => role === 'ema')!.digest,
        metrics: {},
        license: 'CC-BY-SA-3.0',
        note: 'the first',
        createdAt: '2026-01-01T00:00:00.000Z',
        actor: 'ann',
        writeId: 'ann-1',
        lineage: { datasetDigest: 'b'.repeat(64), specDigest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
    expect((await registerModel(store, { model: 'mnist', checkpoint: second! }, context)).version.version).toBe(2);
    expect(await readModelVersion(store, 'mnist', 1)).toEqual(registered.version);
    expect([await listModels(store), await listModelVersions(store, 'mnist')]).toEqual([['mnist'], [1, 2]]);
  });

  it('of a checkpoint that is a version already says which', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [, second] = await modelWithVersions(store, 'mnist', 3);
    const again = await registerModel(store, { model: 'mnist', checkpoint: second!, note: 'again' }, changesBy('bob'));
    expect(again).toMatchObject({ created: false, version: { version: 2, actor: 'ann' } });
    expect(await listModelVersions(store, 'mnist')).toEqual([1, 2, 3]);
    // The same checkpoint may be a version of another model too.
    expect(await registerModel(store, { model: 'other', checkpoint: second! }, changesBy('bob'))).toMatchObject({ created: true, version: { version: 1 } });
  });

  it('gives 16 concurrent registrations of 8 checkpoints the numbers 1 to 8', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const digests = await publishSteps(store, 'digits', 1, 2, 3, 4, 5, 6, 7, 8);
    const results = await Promise.all([...digests, ...digests].map((checkpoint, i) => registerModel(store, { model: 'mnist', checkpoint }, changesBy(`writer${i}`))));
    expect(await listModelVersions(store, 'mnist')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(results.filter(({ created }) => created)).toHaveLength(8);
    expect(results.slice(0, 8).map(({ version }) => version.version)).toEqual(results.slice(8).map(({ version }) => version.version));
  });

  it('knows its own version again when the answer to its creation was lost', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 1);
    const [checkpoint] = await publishSteps(store, 'mnist', 99);
    const registered = await registerModel(losingAnswers(store, /versions/), { model: 'mnist', checkpoint: checkpoint! }, changesBy('bob'));
    expect(registered).toMatchObject({ created: true, version: { version: 2, actor: 'bob' } });
    expect(await listModelVersions(store, 'mnist')).toEqual([1, 2]);
  });

  it('takes nothing but the digest of a committed checkpoint whose files are there', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [digest] = await publishSteps(store, 'digits', 10);
    const register = (checkpoint: string) => registerModel(store, { model: 'mnist', checkpoint }, changesBy('ann'));
    await expect(register('0'.repeat(64))).rejects.toMatchObject({ code: 'checkpoint_missing' });
    await expect(register('digits')).rejects.toMatchObject({ code: 'invalid_argument', message: '"digits" is no sha256: 64 hexadecimal digits are' });
    const manifest = await readManifest(store, digest!);
    // A whole manifest that no step points to: a publisher was killed just before its commit.
    const { digest: stray } = await putBlob(store, Buffer.from(JSON.stringify({ ...manifest, step: 20 })));
    await expect(register(stray)).rejects.toMatchObject({
      code: 'checkpoint_missing',
      message: `checkpoint ${stray} of run "digits" at step 20 was never committed; \`langevin ckpt ls --run digits\` lists those that were`,
    });
    const file = manifest.files[2]!;
    await unlink(join(folder.path, blobKey(file.digest)));
    await expect(register(digest!)).rejects.toMatchObject({ code: 'checkpoint_corrupt', message: expect.stringContaining(`optimizer.safetensors (${folder.path}: ${blobKey(file.digest)}) is gone`) });
    expect(await listModels(store)).toEqual([]);
  });

  it('never replaces a version, not even a damaged one', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [first, second] = await publishSteps(store, 'mnist', 10, 20);
    await registerModel(store, { model: 'mnist', checkpoint: first! }, changesBy('ann'));
    const key = modelVersionKey('mnist', 1);
    await store.put(key, Buffer.from('{'));
    await expect(registerModel(store, { model: 'mnist', checkpoint: second! }, changesBy('ann'))).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(key) });
    expect(Buffer.from(await store.get(key)).toString()).toBe('{');
  });

  it('refuses a version that lies under the name of another model', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await modelWithVersions(store, 'mnist', 1);
    await store.put(modelVersionKey('copied', 1), await store.get(modelVersionKey('mnist', 1)));
    await expect(readModelVersion(store, 'copied', 1)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('it holds version 1 of model "mnist"') });
  });
});
