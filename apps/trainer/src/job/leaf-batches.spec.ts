import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJobSpec, type JobSpec } from '@langevin/contracts';
import { importSource, ShardCache } from '@langevin/datasets';
import { DirectoryStore, getBlob } from '@langevin/registry';
import { leafBatch } from './leaf-batches.js';

const samples = 21;

/** Images whose every byte is the number of the sample. */
const numbered = {
  name: 'numbered',
  imageShape: [2, 2, 1],
  classes: 3,
  source: 'made up',
  license: 'CC0-1.0',
  load: () =>
    Promise.resolve({
      train: { images: Uint8Array.from({ length: samples * 4 }, (_, i) => Math.floor(i / 4)), labels: Uint8Array.from({ length: samples }, (_, i) => i % 3) },
      test: { images: new Uint8Array(4), labels: new Uint8Array(1) },
    }),
} as const;

const job = (virtualWorkers: number, microBatch: number, seed = 5): JobSpec =>
  parseJobSpec({
    name: 'leaves',
    seed,
    dataset: { name: 'numbered' },
    model: { sample_size: 2, block_out_channels: [2], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 2, norm_num_groups: 1 },
    training: { steps: 100, virtualWorkers, microBatch },
    checkpoints: { everySteps: 1 },
  });

let folder: string;
let shards: ShardCache;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'langevin-leaves-'));
  const store = await DirectoryStore.open(join(folder, 'store'));
  const { manifest } = await importSource(store, numbered);
  shards = await ShardCache.open({ folder: join(folder, 'cache'), manifest, split: 'train', fetch: (ref) => getBlob(store, ref) });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The numbers of the real samples, and how many places were padded, that the leaves of one step see. */
async function seen(spec: JobSpec, step: number): Promise<{ real: number[]; padded: number }> {
  const real: number[] = [];
  let padded = 0;
  for (let leaf = 0; leaf < spec.training.virtualWorkers; leaf++) {
    const batch = await leafBatch(spec, shards, step, leaf);
    expect(batch.firstSlot).toBe(leaf * spec.training.microBatch);
    batch.weights.forEach((weight, place) => {
      // x/127.5 − 1, undone.
      const pixels = [...batch.images.subarray(place * 4, (place + 1) * 4)].map((value) => Math.round((value + 1) * 127.5));
      expect(new Set(pixels).size).toBe(1);
      expect(batch.labels[place]).toBe(pixels[0]! % 3);
      if (weight === 1) real.push(pixels[0]!);
      else padded++;
    });
  }
  return { real, padded };
}

describe('leafBatch', () => {
  it.each([
    [4, 2],
    [8, 1],
    [1, 5],
    [16, 4],
    [1, 21],
  ])('shows the %i leaves of %i samples every sample once an epoch', async (virtualWorkers, microBatch) => {
    const spec = job(virtualWorkers, microBatch);
    const steps = Math.ceil(samples / (virtualWorkers * microBatch));
    const orders = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      const order: number[] = [];
      let padded = 0;
      for (let step = epoch * steps + 1; step <= (epoch + 1) * steps; step++) {
        const one = await seen(spec, step);
        order.push(...one.real);
        padded += one.padded;
      }
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, i) => i));
      expect(padded).toBe(steps * virtualWorkers * microBatch - samples);
      orders.push(order);
    }
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it('shows the same samples in the same slots, however they are cut into leaves', async () => {
    const slots = (await Promise.all([job(8, 1), job(4, 2), job(2, 4), job(1, 8)].map((spec) => seen(spec, 2)))).map(({ real }) => real);
    expect(new Set(slots.map(String)).size).toBe(1);
    expect((await seen(job(8, 1, 6), 2)).real).not.toEqual(slots[0]);
  });
});
