import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { DirectoryStore, readManifest } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import { diffusionModel } from '../diffusion-model.js';
import { noisyClassifier } from '../noisy-classifier.js';
import { openModel, readPulledWeights } from '../open-model.js';
import { publishModel, publishPair } from '../testing/tiny-models.js';
import { tinyCheckpoint, tinyClassifier } from '../testing/tiny-checkpoint.js';
import { pullModel } from './pull-model.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('pulling a model', () => {
  it('makes a directory for diffusers, with the weights of the manifest byte for byte', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const { denoiser } = await publishPair(store);
    const out = join(folder.path, 'deep', 'digits');
    const result = await pullModel({ store, model: 'digits@production', out });
    expect(result).toMatchObject({ directory: out, status: 'pulled', model: { name: 'digits', version: 1, checkpoint: denoiser } });
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      'langevin.json',
      'model_index.json',
      'scheduler',
      'scheduler/scheduler_config.json',
      'unet',
      'unet/config.json',
      'unet/diffusion_pytorch_model.safetensors',
    ]);
    expect(await readdir(join(folder.path, 'deep'))).toEqual(['digits']);
    const ema = (await readManifest(store, denoiser)).files.find(({ role }) => role === 'ema')!;
    expect(sha256(await readFile(join(out, 'unet/diffusion_pytorch_model.safetensors')))).toBe(ema.digest);
    const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(out, path), 'utf8'));
    expect(await json('unet/config.json')).toMatchObject({ _class_name: 'UNet2DModel', sample_size: 4 });
    expect(await json('model_index.json')).toMatchObject({ _class_name: 'DDIMPipeline', unet: ['diffusers', 'UNet2DModel'] });
    expect(await json('scheduler/scheduler_config.json')).toMatchObject({ _class_name: 'DDIMScheduler' });
    expect(await json('langevin.json')).toMatchObject({ kind: 'pulled-model', model: { reference: 'digits@production', name: 'digits', version: 1, license: 'CC0-1.0', checkpoint: denoiser } });
  });

  it('brings the classifier that guides it, and both open without a store', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishPair(store);
    const out = join(folder.path, 'digits');
    await pullModel({ store, model: 'digits:1', guidance: 'digits-classifier@latest', out });
    expect(await readdir(join(out, 'classifier'))).toEqual(['config.json', 'model.safetensors']);

    using opened = disposed(await openModel(out, { backend: 'cpu' }));
    using direct = disposed(diffusionModel(tinyCheckpoint(1)));
    using guide = disposed(noisyClassifier(tinyClassifier(1)));
    const options = { labels: [0, 2], steps: 3, seed: 8 };
    expect(await opened.sample(options)).toEqual(await direct.sample(options));
    expect(await opened.sample({ ...options, classifier: opened.classifier!, classifierScale: 3 })).toEqual(await direct.sample({ ...options, classifier: guide, classifierScale: 3 }));
  });

  it('again finds that it is there already, whatever the reference is called', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const { denoiser } = await publishPair(store);
    const out = join(folder.path, 'digits');
    await pullModel({ store, model: 'digits@production', out });
    await writeFile(join(out, 'notes.txt'), 'mine');
    expect(await pullModel({ store, model: `digits@sha256:${denoiser}`, out })).toMatchObject({ status: 'same', fetchedBytes: 0 });
    const weights = join(out, 'unet/diffusion_pytorch_model.safetensors');
    const bytes = await readFile(weights);
    bytes[100]! ^= 1;
    await writeFile(weights, bytes);
    await expect(pullModel({ store, model: 'digits', out })).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringMatching(/^.*unet\/diffusion_pytorch_model\.safetensors is damaged: .*; remove the directory and pull it again$/) });
  });

  it('leaves a directory with something else as it is', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishPair(store);
    const out = join(folder.path, 'digits');
    await pullModel({ store, model: 'digits', out });
    await publishModel(store, 'digits', 6, tinyCheckpoint());
    const refused = { code: 'object_exists', message: `${out} holds something else already (4 entries, e.g. langevin.json); name a new or empty directory` };
    await expect(pullModel({ store, model: 'digits', out })).rejects.toMatchObject(refused);
    await expect(pullModel({ store, model: 'digits:1', guidance: 'digits-classifier', out })).rejects.toMatchObject(refused);
    await writeFile(join(folder.path, 'file'), '');
    await expect(pullModel({ store, model: 'digits', out: join(folder.path, 'file') })).rejects.toMatchObject({ code: 'object_exists', message: `${folder.path}/file is a file; name a new or empty directory` });
    expect((await readdir(folder.path)).sort()).toEqual(['digits', 'file', 'store']);
  });
});

describe('a pair that does not fit', () => {
  it('is refused with the option of the process that differs, and both values', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishPair(store);
    await publishModel(store, 'linear', 7, tinyClassifier(1, { name: 'linear', process: { beta_schedule: 'linear' } }));
    await expect(pullModel({ store, model: 'digits', guidance: 'linear', out: join(folder.path, 'out') })).rejects.toMatchObject({
      code: 'schedule_mismatch',
      message: expect.stringMatching(/^process\.beta_schedule is squaredcos_cap_v2 in the denoiser and linear in the classifier/),
    });
    expect(await readdir(folder.path)).toEqual(['store']);
  });

  it('is refused by role and by size of image', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishPair(store);
    const out = join(folder.path, 'out');
    await expect(pullModel({ store, model: 'digits-classifier', out })).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringMatching(/^digits-classifier \(version 1\) is a noisy-classifier, not a denoiser: /) });
    await expect(pullModel({ store, model: 'digits', guidance: 'digits', out })).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringMatching(/^digits \(version 1\) is a denoiser, not a noisy-classifier: /) });
    const { model } = tinyClassifier().spec;
    await publishModel(store, 'large', 7, tinyClassifier(1, { name: 'large', model: { ...model, sample_size: 8 } }));
    await expect(pullModel({ store, model: 'digits', guidance: 'large', out })).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('model.sample_size is 4 of digits and 8 of large') });
    expect(await readdir(folder.path)).toEqual(['store']);
  });

  it('is refused when its noise levels differ though the processes read alike', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishPair(store);
    // As if another release had computed the levels.
    await publishModel(store, 'elsewhere', 9, tinyClassifier(1, { name: 'elsewhere' }), 'c'.repeat(64));
    await expect(pullModel({ store, model: 'digits', guidance: 'elsewhere', out: join(folder.path, 'out') })).rejects.toMatchObject({ code: 'schedule_mismatch', message: expect.stringContaining('c'.repeat(64)) });
  });
});

describe('opening a pulled model', () => {
  it('refuses every one of 100 random damages, naming the file', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishPair(store);
    const out = join(folder.path, 'digits');
    const { files } = (await pullModel({ store, model: 'digits', guidance: 'digits-classifier', out }), await readPulledWeights(out)).record;
    const random = new PhiloxStream({ seed: 11, purpose: 'noise' });
    for (let i = 0; i < 100; i++) {
      const { path } = files[i % files.length]!;
      const intact = await readFile(join(out, path));
      const damaged = Buffer.from(intact);
      const at = random.uniformInt(intact.length);
      damaged[at]! ^= 1 << random.uniformInt(8);
      await writeFile(join(out, path), i % 5 === 4 ? intact.subarray(0, at) : damaged);
      await expect(readPulledWeights(out)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(join(out, path)) });
      await writeFile(join(out, path), intact);
    }
    expect((await readPulledWeights(out)).classifier).toBeDefined();
  });

  it('trusts langevin.json only as far as the digest of the checkpoint', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await publishPair(store);
    const out = join(folder.path, 'digits');
    await pullModel({ store, model: 'digits', out });
    const path = join(out, 'langevin.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"num_train_timesteps": 1000', '"num_train_timesteps": 1001'));
    await expect(readPulledWeights(out)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(`${path} is damaged`) });
    await writeFile(path, text.slice(0, -10));
    await expect(readPulledWeights(out)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining(`${path} is damaged`) });
  });

  it('says what a directory lacks that was never pulled', async () => {
    await using folder = await temporaryFolder();
    await expect(readPulledWeights(folder.path)).rejects.toMatchObject({ code: 'object_missing', message: `${folder.path} is no pulled model: there is no langevin.json; \`langevin model pull NAME@ALIAS --out ${basename(folder.path)}\` makes one` });
  });
});

/** `using` for what has a `dispose`. */
function disposed<T extends { dispose(): void }>(value: T): T & Disposable {
  return Object.assign(value, { [Symbol.dispose]: () => value.dispose() });
}
