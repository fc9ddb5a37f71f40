import { join } from 'node:path';
import { parseJobSpec } from '@langevin/contracts';
import { temporaryFolder } from '@langevin/testing';
import { DirectoryStore } from './directory-store.js';
import { createDocument } from './documents.js';
import { runKey } from './layout.js';
import { differences } from './run-identity.js';
import { listRuns, openRun } from './runs.js';
import { exampleSpec } from './testing/checkpoint-fixture.js';

const data = 'd'.repeat(64);

describe('runs', () => {
  it('begin once and are opened again by the same job', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const first = await openRun(store, exampleSpec('digits'), data);
    expect(first.created).toBe(true);
    expect(await openRun(store, exampleSpec('digits'), data)).toEqual({ created: false, record: first.record });
    expect((await openRun(store, exampleSpec('more'), data)).created).toBe(true);
    expect(await listRuns(store)).toEqual(['digits', 'more']);
  });

  it('may go on with other trainers, another exchange and another checkpoint interval', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const spec = exampleSpec('digits');
    const { record } = await openRun(store, spec, data);
    const other = { ...spec, trainers: { min: 5 }, checkpoints: { everySteps: 7 } };
    expect(await openRun(store, other, data)).toEqual({ created: false, record });
  });

  it('go on when a key has come since that they do not have: its default is what they meant', async () => {
    await using folder = await temporaryFolder();
    const [old, store] = [await DirectoryStore.open(join(folder.path, 'old')), await DirectoryStore.open(join(folder.path, 'new'))];
    const spec = parseJobSpec(exampleSpec('digits'));
    const { record } = await openRun(old, spec, data);
    const { learningRateDecay: _, gradientCheckpointing: __, xla: ___, ...training } = spec.training;
    await createDocument(store, runKey('digits'), { ...record, spec: { ...record.spec, training } });
    expect((await openRun(store, spec, data)).created).toBe(false);
    const linear = parseJobSpec({ ...spec, training: { ...spec.training, learningRateDecay: 'linear' } });
    await expect(openRun(store, linear, data)).rejects.toMatchObject({ code: 'job_conflict', message: expect.stringContaining('spec.training.learningRateDecay is "none" there, "linear" here') });
  });

  it('refuse a job whose weights would differ, naming what does', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const spec = exampleSpec('digits');
    await openRun(store, spec, data);
    const other = { ...spec, seed: 7, training: { ...spec.training, steps: 200, clipNorm: 1 } };
    await expect(openRun(store, other, 'e'.repeat(64))).rejects.toMatchObject({
      code: 'job_conflict',
      message: 'run "digits" is of another job: spec.seed is 0 there, 7 here; spec.training.steps is 100 there, 200 here; ' +
        'spec.training.clipNorm is absent there, 1 here and 1 more; choose another name for this one',
    });
  });

  it('keep the checkpoint that they began from, also when they are opened without it', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const [parent, other] = ['a'.repeat(64), 'b'.repeat(64)];
    const { record } = await openRun(store, exampleSpec('fork'), data, parent);
    expect(record.forkOf).toBe(parent);
    expect(await openRun(store, exampleSpec('fork'), data)).toEqual({ created: false, record });
    expect(await openRun(store, exampleSpec('fork'), data, parent)).toEqual({ created: false, record });
    await expect(openRun(store, exampleSpec('fork'), data, other)).rejects.toMatchObject({
      code: 'job_conflict',
      message: `run "fork" is of another job: forkOf is "${parent}" there, "${other}" here; choose another name for this one`,
    });
    await openRun(store, exampleSpec('digits'), data);
    await expect(openRun(store, exampleSpec('digits'), data, parent)).rejects.toMatchObject({ code: 'job_conflict', message: expect.stringContaining('forkOf is absent there') });
  });

  it('of 16 concurrent openings exactly one begins it', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    const results = await Promise.all(Array.from({ length: 16 }, () => openRun(store, exampleSpec('digits'), data)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
  });

  it('do not pass to another job because their record is damaged', async () => {
    await using folder = await temporaryFolder();
    const store = await DirectoryStore.open(folder.path);
    await openRun(store, exampleSpec('digits'), data);
    await store.put(runKey('digits'), Buffer.from('{}'));
    await expect(openRun(store, exampleSpec('digits'), data)).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('v1/runs/digits/run.json') });
  });
});

describe('differences', () => {
  it('name the deepest path, compare arrays whole, and take absent and undefined for the same', () => {
    expect(differences({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 2, c: [2] }, d: 1, e: undefined })).toEqual(['a.b is 1 there, 2 here', 'a.c is [1] there, [2] here']);
    expect(differences({ a: 1 }, { a: 1 })).toEqual([]);
  });
});
