import { mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJobSpec } from '@langevin/contracts';
import { DirectoryStore, clusterId, listCheckpoints, openRun, promoteModel, publishCheckpoint, registerModel, type ChangeContext, type ObjectStore } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import { RegistryIndex } from './registry-index.js';

const spec = parseJobSpec({
  name: 'digits',
  dataset: { name: 'mnist-digits' },
  model: { sample_size: 28, block_out_channels: [8, 16], down_block_types: ['DownBlock2D', 'DownBlock2D'], up_block_types: ['UpBlock2D', 'UpBlock2D'] },
  training: { steps: 100 },
  checkpoints: { everySteps: 10 },
});

let ids = 0;
const context: ChangeContext = { actor: 'ann', now: () => Date.UTC(2026, 0, 1, 0, ids), newId: () => `id-${ids++}` };

async function publish(store: ObjectStore, run: string, step: number): Promise<string> {
  const facts = {
    schemaVersion: 1,
    kind: 'checkpoint',
    run,
    step,
    samplesSeen: step * 64,
    loss: 0.5,
    spec: { ...spec, name: run },
    guidanceRole: 'denoiser',
    metrics: { 'accuracy@0': 0.5 },
    scheduleDigest: 'a'.repeat(64),
    datasetDigest: 'b'.repeat(64),
    numericsClass: {},
  } as const;
  const contents = (['weights', 'ema'] as const).map((role) => ({ path: `${role}.safetensors`, role, content: Buffer.from(`${role} of ${run} at ${step}`) }));
  return (await publishCheckpoint(store, facts, contents)).digest;
}

/** Two runs, a model of two versions, an alias that moved once. */
async function fill(store: ObjectStore): Promise<string[]> {
  await openRun(store, spec, 'b'.repeat(64));
  const digests = [await publish(store, 'digits', 10), await publish(store, 'digits', 20)];
  await publish(store, 'other', 5);
  for (const checkpoint of digests) await registerModel(store, { model: 'mnist', checkpoint }, context);
  for (const version of [1, 2]) await promoteModel(store, { model: 'mnist', alias: 'production', version }, context);
  return digests;
}

/** Everything that an index answers. */
function answers(index: RegistryIndex): unknown {
  const models = index.models();
  return { runs: index.runs(), checkpoints: index.checkpoints(), models, versions: models.map(({ name }) => [index.versions(name), index.moves(name)]) };
}

describe('the index of a store', () => {
  it('lists runs, checkpoints, models, versions and moves', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    const digests = await fill(store);
    using index = new RegistryIndex(join(folder.path, 'index.db'));
    expect(await index.refresh(store)).toEqual({ added: 8, removed: 0, damaged: [] });
    expect(index.runs()).toEqual([
      { name: 'digits', datasetDigest: 'b'.repeat(64), checkpoints: 2, latestStep: 20 },
      { name: 'other', datasetDigest: null, checkpoints: 1, latestStep: 5 },
    ]);
    expect(index.checkpoints('digits').map(({ step, digest }) => [step, digest])).toEqual([[10, digests[0]], [20, digests[1]]]);
    expect(index.checkpoints('other')).toMatchObject([{ run: 'other', guidanceRole: 'denoiser', loss: 0.5, samplesSeen: 320, metrics: { 'accuracy@0': 0.5 } }]);
    expect(index.models()).toMatchObject([{ name: 'mnist', versions: 2, latest: { version: 2, checkpoint: digests[1] }, aliases: [{ alias: 'production', version: 2 }] }]);
    expect(index.moves('mnist').map(({ generation, event }) => [generation, event.from, event.to])).toEqual([[1, null, 1], [2, 1, 2]]);
  });

  it('reads only what is new, and drops what is gone; rebuilt it answers the same', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await fill(store);
    const grown = new RegistryIndex(join(folder.path, 'index.db'));
    await grown.refresh(store);
    expect(await grown.refresh(store)).toEqual({ added: 0, removed: 0, damaged: [] });
    await publish(store, 'digits', 30);
    await promoteModel(store, { model: 'mnist', alias: 'candidate', version: 1 }, context);
    await unlink(join(store.location, 'v1/runs/other/ckpt/000000000005.json'));
    expect(await grown.refresh(store)).toEqual({ added: 2, removed: 1, damaged: [] });
    expect(grown.checkpoints().map(({ run, step }) => [run, step])).toEqual([['digits', 10], ['digits', 20], ['digits', 30]]);
    grown.close();

    // The file of a grown index carries over to the next process.
    using again = new RegistryIndex(join(folder.path, 'index.db'));
    const asGrown = answers(again);
    expect(await again.refresh(store)).toMatchObject({ added: 0 });
    using fresh = new RegistryIndex(':memory:');
    await fresh.refresh(store);
    expect(answers(fresh)).toEqual(asGrown);
    expect(await again.rebuild(store)).toEqual({ added: 9, removed: 0, damaged: [] });
    expect(answers(again)).toEqual(asGrown);
  });

  it('names a damaged document, shows the rest, and takes it in when it is mended', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await fill(store);
    const path = join(store.location, 'v1/runs/digits/ckpt/000000000020.json');
    const intact = await readFile(path);
    await writeFile(path, '{');
    using index = new RegistryIndex(join(folder.path, 'index.db'));
    const report = await index.refresh(store);
    expect(report).toEqual({ added: 7, removed: 0, damaged: [{ key: 'v1/runs/digits/ckpt/000000000020.json', problem: expect.stringContaining('is damaged') }] });
    expect(index.checkpoints('digits').map(({ step }) => step)).toEqual([10]);
    await writeFile(path, intact);
    expect(await index.refresh(store)).toEqual({ added: 1, removed: 0, damaged: [] });
    expect(index.checkpoints('digits').map(({ step }) => step)).toEqual(await listCheckpoints(store, 'digits'));
  });

  it.each([
    ['is no database', (bytes: Buffer) => bytes.fill(7)],
    ['is damaged within', (bytes: Buffer) => bytes.fill(0, 4096, 12288)],
    ['has a page that lies about its free space', (bytes: Buffer) => (bytes.writeUInt16BE(0xfff0, 3 * 4096 + 1), bytes)],
    ['is cut', (bytes: Buffer) => bytes.subarray(0, 5000)],
    ['is of another version', (bytes: Buffer) => (bytes.writeUInt32BE(999, 60), bytes)],
  ])('is made anew, with a word, when its file %s', async (_what, damage) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'index.db');
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await fill(store);
    const first = new RegistryIndex(path);
    await first.refresh(store);
    const before = answers(first);
    first.close();
    await writeFile(path, damage(await readFile(path)));
    const notices: string[] = [];
    using index = new RegistryIndex(path, { onNotice: (line) => notices.push(line) });
    expect(notices).toEqual([expect.stringMatching(/^the index .*index\.db is damaged \([^\n]+\): it is made anew from the store$/)]);
    expect(await index.refresh(store)).toMatchObject({ added: 8 });
    expect(answers(index)).toEqual(before);
  });

  it('keeps nothing of a store that was wiped, nor of another one', async () => {
    await using folder = await temporaryFolder();
    const root = join(folder.path, 'store');
    using index = new RegistryIndex(join(folder.path, 'index.db'));
    const first = await DirectoryStore.open(root);
    await clusterId(first, 'one');
    await fill(first);
    await index.refresh(first);
    await rm(root, { recursive: true });
    // The same keys, other documents.
    const second = await DirectoryStore.open(root);
    await clusterId(second, 'two');
    const digest = await publish(second, 'digits', 10);
    expect(await index.refresh(second)).toMatchObject({ added: 1 });
    expect([index.models(), index.checkpoints().map((found) => found.digest)]).toEqual([[], [digest]]);
    const third = await DirectoryStore.open(join(folder.path, 'third'));
    expect(await index.refresh(third)).toMatchObject({ added: 0 });
    expect(index.checkpoints()).toEqual([]);
  });

  it('answers from memory where it can keep no file', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await fill(store);
    await mkdir(join(folder.path, 'index.db'));
    const notices: string[] = [];
    using index = new RegistryIndex(join(folder.path, 'index.db'), { onNotice: (line) => notices.push(line) });
    await index.refresh(store);
    expect(index.checkpoints()).toHaveLength(3);
    expect(notices).toEqual([expect.stringMatching(/^the index cannot be kept in .*index\.db \([^\n]+\): this listing is made from the store alone$/)]);
  });

  it('serves two that refresh it at the same time', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(join(folder.path, 'store'));
    await fill(store);
    const indexes = [0, 1, 2, 3].map(() => new RegistryIndex(join(folder.path, 'index.db')));
    await Promise.all(indexes.map((index) => index.refresh(store)));
    for (const index of indexes) {
      expect(index.checkpoints()).toHaveLength(3);
      index.close();
    }
  });
});
