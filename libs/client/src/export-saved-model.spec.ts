import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { isRuntimeComplete, runtimeDirectory } from '@langevin/tf-runtime';
import { exportSavedModel } from './export-saved-model.js';
import { tinyCheckpoint, tinyClassifier } from './testing/tiny-checkpoint.js';

// Graphs need the native runtime, which `npm run setup:tensorflow` makes. What the graph computes is compared by the interop suite.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

describe('exportSavedModel', () => {
  it('refuses a classifier, and a batch that is none', async () => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, 'export');
    await expect(exportSavedModel(tinyClassifier(), target)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('is a classifier') });
    for (const batchSize of [0, 1.5, 65537]) {
      await expect(exportSavedModel(tinyCheckpoint(), target, { batchSize })).rejects.toMatchObject({ code: 'invalid_argument', message: `batchSize ${batchSize} must be a whole number from 1 to 65536` });
    }
    expect(await readdir(folder.path)).toEqual([]);
  });
});

native('an exported SavedModel', () => {
  it('is one file with the weights and the signature, and a note of whose they are', async () => {
    await using folder = await temporaryFolder();
    const target = join(folder.path, 'new', 'export');
    const checkpoint = tinyCheckpoint();
    await exportSavedModel(checkpoint, target, { batchSize: 3 });
    expect((await readdir(target, { recursive: true })).sort()).toEqual(['assets.extra', 'assets.extra/langevin.json', 'saved_model.pb']);
    expect(await readdir(join(folder.path, 'new'))).toEqual(['export']);
    const file = await readFile(join(target, 'saved_model.pb'));
    for (const name of ['sample_step', 'serving_default', 'sample_step/input/t_prev', 'sample_step/input/labels', 'sample_step/result/x_prev']) expect(file.includes(name)).toBe(true);
    // No operation that a TensorFlow without Langevin would not know.
    expect(file.includes('Langevin')).toBe(false);
    const largest = checkpoint.parameters.subarray(0, 36); // The first filter, 3 × 3 × 1 × 4: whole in the graph.
    expect(file.includes(Buffer.from(largest.buffer, largest.byteOffset, largest.byteLength))).toBe(true);
    expect(JSON.parse(await readFile(join(target, 'assets.extra/langevin.json'), 'utf8'))).toMatchObject({
      format: 'langevin-saved-model',
      run: 'tiny',
      step: 5,
      checkpoint: '0'.repeat(64),
      weights: 'ema',
      batchSize: 3,
      model: { sample_size: 4 },
      process: { num_train_timesteps: 1000 },
    });
  });

  it('asks for no labels of an unconditional model', async () => {
    await using folder = await temporaryFolder();
    await exportSavedModel(tinyCheckpoint(1, {}), folder.path);
    const file = await readFile(join(folder.path, 'saved_model.pb'));
    expect([file.includes('sample_step/input/t_prev'), file.includes('sample_step/input/labels')]).toEqual([true, false]);
  });

  it('leaves a directory that holds something as it was', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'notes.txt'), 'mine');
    await expect(exportSavedModel(tinyCheckpoint(), folder.path)).rejects.toMatchObject({ code: 'object_exists', message: `${folder.path} holds 1 entries already, e.g. notes.txt; name a new or empty directory` });
    expect(await readdir(folder.path)).toEqual(['notes.txt']);
  });
});
