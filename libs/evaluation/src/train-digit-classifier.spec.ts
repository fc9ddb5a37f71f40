import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { ShardCache, importDataset } from '@langevin/datasets';
import { DirectoryStore, getBlob } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import { loadTensorFlow } from '@langevin/tf-runtime';
import type { ImageSet } from './image-set.js';
import { trainDigitClassifier } from './train-digit-classifier.js';

// Bounded work, but a machine may be busy.
jest.setTimeout(180_000);

let train: ImageSet;
let heldOut: ImageSet;

/** Real digits: the first 1,000 to learn from, 200 held out. */
beforeAll(async () => {
  await loadTensorFlow({ backend: 'auto' });
  await using folder = await temporaryFolder();
  const store = await DirectoryStore.open(join(folder.path, 'store'));
  const { manifest } = await importDataset(store, 'mnist-digits');
  const read = async (split: 'train' | 'test', count: number): Promise<ImageSet> => {
    const shards = await ShardCache.open({ manifest, split, folder: join(folder.path, 'cache'), fetch: (ref) => getBlob(store, ref) });
    const indices = Array.from({ length: count }, (_, index) => index);
    return { ...(await shards.batch(indices)), imageShape: manifest.imageShape };
  };
  [train, heldOut] = [await read('train', 1000), await read('test', 200)];
});

/** The first images of a set. */
function first(count: number, { images, labels, imageShape }: ImageSet): ImageSet {
  return { images: images.slice(0, count * 784), labels: Array.from(labels).slice(0, count), imageShape };
}

describe('trainDigitClassifier', () => {
  it('learns to read real digits: 80 % of 200 held-out ones after 3 epochs over 1,000 (seed 1)', async () => {
    const epochs: number[] = [];
    const losses: number[] = [];
    const before = tf.memory().numTensors;
    const classifier = await trainDigitClassifier(train, {
      seed: 1,
      epochs: 3,
      onProgress: ({ epoch, loss }) => (epochs.push(epoch), losses.push(loss)),
    });
    expect(await classifier.accuracy(heldOut)).toBeGreaterThan(0.8);
    expect(epochs).toEqual([1, 2, 3]);
    expect(losses[2]).toBeLessThan(losses[0]!);
    classifier.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same answers for the same seed', async () => {
    const few = first(128, train);
    const unseen = first(50, heldOut);
    const answers: Uint8Array[] = [];
    for (const seed of [5, 5, 6]) {
      const classifier = await trainDigitClassifier(few, { seed, epochs: 1 });
      answers.push(await classifier.predict(unseen.images));
      classifier.dispose();
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).not.toEqual(answers[0]);
  });

  it('stops when told to and keeps nothing', async () => {
    const before = tf.memory().numTensors;
    const abort = new AbortController();
    const training = trainDigitClassifier(first(192, train), { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(training).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses data and options that do not fit', async () => {
    await expect(trainDigitClassifier(train, { epochs: 0 })).rejects.toThrow('epochs 0 is not an integer of at least 1');
    await expect(trainDigitClassifier({ ...train, labels: [1] })).rejects.toThrow('training images: 1 labels need 784 values');
    const classifier = await trainDigitClassifier(first(64, train), { epochs: 1 });
    await expect(classifier.predict(new Float32Array(785))).rejects.toThrow('785 values are no whole number of [28, 28, 1] images');
    classifier.dispose();
  });
});
