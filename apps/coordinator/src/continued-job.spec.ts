import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCheckpoint } from '@langevin/registry';
import type { ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from './testing/test-coordinator.js';

const stateAfter = (step: number) => ({ weights: `w${step}`, ema: `e${step}`, optimizer: `o${step}` });

let cluster: TestCoordinator;
let trainer: ScriptedTrainer;

/** A run "parent" of 4 steps with a checkpoint after each. */
async function trainParent(): Promise<void> {
  cluster = await startTestCoordinator();
  trainer = await cluster.trainer('solo');
  await trainer.next('welcome');
  await cluster.submit(dotsJob('parent', { training: { steps: 4 } }));
  await train(1, 4);
  expect((await cluster.ended('parent')).phase).toBe('JOB_PHASE_SUCCEEDED');
}
const stop = async (): Promise<void> => void (await cluster[Symbol.asyncDispose]());

async function train(from: number, to: number): Promise<void> {
  await trainer.start();
  for (let step = from; step <= to; step++) {
    await trainer.step();
    await trainer.report(stateAfter(step));
  }
  await trainer.next('stopJob');
}

const digestOf = async (run: string, step: number): Promise<string> => (await readCheckpoint(cluster.store, run, step)).digest;
const fork = (change: { run?: string; name?: string; from?: string; settings?: string[] } = {}) => cluster.jobs.fork({ run: 'parent', name: 'child', from: '2', ...change });

/** Damages a file of a checkpoint where it lies. */
async function damage(step: number): Promise<void> {
  const { manifest } = await readCheckpoint(cluster.store, 'parent', step);
  const { digest } = manifest.files[0]!;
  await writeFile(join(cluster.store.location, 'v1/blobs/sha256', digest.slice(0, 2), digest), 'XX');
}

describe('a run that is resumed', () => {
  beforeEach(trainParent);
  afterEach(stop);

  it('goes on with its own specification, from the checkpoint that is named', async () => {
    for (const from of ['2', await digestOf('parent', 2), `sha256:${await digestOf('parent', 2)}`]) {
      const job = await cluster.jobs.resume({ run: 'parent', from, settings: [] });
      expect(job).toMatchObject({ step: '2', startedAtStep: '2', totalSteps: '4', checkpoints: '2', warnings: [], forkOf: '' });
      // The checkpoints of steps 3 and 4 are there already: the same bytes come again.
      await train(3, 4);
      expect(await cluster.ended('parent')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '4' });
    }
  });

  it('says which damaged checkpoint it passes over', async () => {
    await damage(4);
    const job = await cluster.jobs.resume({ run: 'parent' });
    expect(job).toMatchObject({ startedAtStep: '3', warnings: [expect.stringMatching(/^checkpoint 4 of run "parent": .* is damaged/)] });
    expect(cluster.log.filter((line) => line.startsWith('checkpoint 4 of run "parent"'))).toHaveLength(1);
    await train(4, 4);
    expect((await cluster.ended('parent')).phase).toBe('JOB_PHASE_SUCCEEDED');
  });

  it('does not fall back when the damaged checkpoint was asked for', async () => {
    await damage(4);
    await expect(cluster.jobs.resume({ run: 'parent', from: '4' })).rejects.toMatchObject({ code: 'checkpoint_corrupt' });
  });

  it('may change what changes no weight, and nothing else', async () => {
    expect(await cluster.jobs.resume({ run: 'parent', from: '3', settings: ['trainers.min=2', 'checkpoints.everySteps=9'] })).toMatchObject({
      phase: 'JOB_PHASE_QUEUED',
      specJson: expect.stringContaining('"everySteps":9'),
    });
    await cluster.jobs.cancel({ id: 'parent' });
    await expect(cluster.jobs.resume({ run: 'parent', from: '3', settings: ['seed=8'] })).rejects.toMatchObject({
      code: 'job_conflict',
      message: 'run "parent" is of another job: spec.seed is 7 there, 8 here; choose another name for this one',
    });
  });
});

describe('a run that is forked', () => {
  beforeEach(trainParent);
  afterEach(stop);

  it('begins at the checkpoint of the other run, and says so in its record and its manifests', async () => {
    const parent = await digestOf('parent', 2);
    expect(await fork({ settings: ['training.learningRate=3e-4'] })).toMatchObject({
      id: 'child', step: '2', startedAtStep: '2', totalSteps: '4', checkpoints: '0', lastCheckpoint: '', weightsSha256: '', forkOf: parent,
    });
    const start = await trainer.next('startJob');
    const { manifest } = await readCheckpoint(cluster.store, 'parent', 2);
    expect(start.resumeFrom.map(({ content }) => content?.digest)).toEqual(manifest.files.map(({ digest }) => digest));
    // A run of its own: another machine's arithmetic is welcome.
    trainer.send({ ready: { job: 'child', numerics: { cpu: 'another', canary: 'd' } } });
    for (const step of [3, 4]) {
      const run = await trainer.run();
      expect(run.learningRate).toBeCloseTo(3e-4, 10);
      trainer.prepare(run);
      await trainer.next('commit');
      await trainer.report(stateAfter(step));
    }
    expect(await cluster.ended('child')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', checkpoints: '2' });
    const child = (await readCheckpoint(cluster.store, 'child', 4)).manifest;
    expect(child).toMatchObject({ run: 'child', forkOf: parent, numericsClass: { cpu: 'another', canary: 'd' } });
    expect((await readCheckpoint(cluster.store, 'parent', 4)).manifest).not.toHaveProperty('forkOf');
  });

  it('begins there again when it is resumed or submitted before its first checkpoint, and keeps its parent', async () => {
    const { specJson, forkOf } = await fork();
    await cluster.jobs.cancel({ id: 'child' });
    const again = await cluster.jobs.submit({ specJson });
    expect(again).toMatchObject({ startedAtStep: '2', forkOf });
    await cluster.jobs.cancel({ id: 'child' });
    await expect(fork({ from: '3' })).rejects.toMatchObject({ code: 'job_conflict', message: expect.stringContaining('run "child" is of another job: forkOf is') });
  });
});

describe('a run', () => {
  beforeAll(trainParent);
  afterAll(stop);

  it.each([
    ['an unknown run', { run: 'nobody' }, 'run_unknown', /^there is no run "nobody" in .*; there is parent$/],
    ['a step without a checkpoint', { run: 'parent', from: '9' }, 'checkpoint_missing', 'run "parent" has no checkpoint at step 9; it has 1, 2, 3, 4'],
    ['a digest that is none', { run: 'parent', from: 'newest' }, 'invalid_argument', 'checkpoint "newest": give its step, or the 64 digits of its sha256'],
    ['an unknown digest', { run: 'parent', from: 'a'.repeat(64) }, 'checkpoint_missing', /holds no checkpoint a{64}$/],
    ['a bad setting', { run: 'parent', settings: ['steps'] }, 'invalid_argument', /^setting "steps": write path=value/],
  ])('is not resumed for %s', async (_what, request, code, message) => {
    await expect(cluster.jobs.resume(request)).rejects.toMatchObject({ code, message: typeof message === 'string' ? message : expect.stringMatching(message) });
  });

  it.each([
    ['no other name', { name: 'parent' }, 'invalid_argument', 'a fork of run "parent" needs a name of its own: give one with --name'],
    ['a name that is none', { name: 'No name' }, 'invalid_spec', /^job spec: name: must be 1–64/],
    ['another model', { settings: ['model.block_out_channels=[4]', 'model.attention_head_dim=4'] }, 'invalid_spec',
      'job spec does not fit checkpoint 2 of run "parent": model.block_out_channels is [2] there, [4] here; a fork keeps the model and the process: submit a new job instead'],
    ['another process', { settings: ['process.num_train_timesteps=10'] }, 'invalid_spec', /: process\.num_train_timesteps is 1000 there, 10 here; a fork keeps/],
    ['other images in a step', { settings: ['training.microBatch=64'] }, 'invalid_spec', /: training\.virtualWorkers · training\.microBatch is \d+ there, \d+ here; a fork keeps the images of a step$/],
    ['nothing left to train', { from: '' }, 'invalid_spec',
      'job spec: training.steps 4: nothing is left to train after checkpoint 4 of run "parent"; set more with --set training.steps=N, or fork an earlier one with --from'],
    ['an unknown key', { settings: ['training.speed=9'] }, 'invalid_spec', 'job spec: training: unknown key "speed"'],
  ])('is not forked for %s', async (_what, change, code, message) => {
    await expect(fork(change)).rejects.toMatchObject({ code, message: typeof message === 'string' ? message : expect.stringMatching(message) });
  });

  it('is not forked for a checkpoint of a third run', async () => {
    await cluster.submit(dotsJob('third'));
    await train(1, 1);
    const digest = await digestOf('third', 1);
    await expect(fork({ from: digest })).rejects.toMatchObject({ code: 'invalid_argument', message: `checkpoint ${digest} is of run "third", not of run "parent"` });
  });
});
