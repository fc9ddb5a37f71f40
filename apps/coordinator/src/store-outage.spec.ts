import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { listCheckpoints, readCheckpoint } from '@langevin/registry';
import type { Job__Output } from '@langevin/rpc';
import { FaultyStore } from './testing/faulty-store.js';
import type { ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from './testing/test-coordinator.js';

const stateAfter = (step: number) => ({ weights: `w${step}`, ema: `e${step}`, optimizer: `o${step}` });
const spec = dotsJob('patient', { training: { steps: 4 } });

let folder: TemporaryFolder;
let store: FaultyStore;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const start = (): Promise<TestCoordinator> => startTestCoordinator({ folder: folder.path, wrap: (real) => (store = new FaultyStore(real)) });

async function attach(cluster: TestCoordinator, name: string): Promise<ScriptedTrainer> {
  const trainer = await cluster.trainer(name);
  await trainer.next('welcome');
  return trainer;
}

/** @returns the digest of the last result */
async function train(trainer: ScriptedTrainer, from: number, to: number): Promise<string> {
  let digest = '';
  for (let step = from; step <= to; step++) {
    digest = await trainer.step();
    await trainer.report(stateAfter(step));
  }
  return digest;
}

const until = (cluster: TestCoordinator, wanted: (job: Job__Output) => boolean): Promise<Job__Output> => cluster.until('patient', wanted);

const spooled = (path = folder.path): string[] => readdirSync(join(path, 'spool')).filter((name) => name !== '.tmp');

describe('a store that cannot be reached', () => {
  it('does not stop a job: its checkpoints wait, it says so, and they are there when the store is back', async () => {
    await using cluster = await start();
    const trainer = await attach(cluster, 'solo');
    await cluster.submit(spec);
    await trainer.start();
    await train(trainer, 1, 1);
    await until(cluster, ({ checkpoints }) => checkpoints === '1');

    store.fault = 'storage_unavailable';
    await train(trainer, 2, 3);
    const waiting = await until(cluster, ({ reason, step }) => step === '3' && /2 checkpoints/.test(reason));
    expect(waiting.reason).toBe('training on "solo"; store unreachable since 00:00:00 UTC, 2 checkpoints wait in the spool');
    await train(trainer, 4, 4);
    await until(cluster, ({ reason }) => reason === 'storing the checkpoint of the last step 4; store unreachable since 00:00:00 UTC, 3 checkpoints wait in the spool');
    expect(spooled()).toEqual(['patient']);

    store.fault = null;
    expect(await cluster.ended('patient')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', checkpoints: '4' });
    expect(await listCheckpoints(cluster.store, 'patient')).toEqual([1, 2, 3, 4]);
    for (const step of [2, 3, 4]) expect(Buffer.from((await readCheckpoint(cluster.store, 'patient', step)).files.get('ema.safetensors')!).toString()).toBe(`e${step}`);
    expect(spooled()).toEqual([]);
    expect(cluster.log.filter((line) => line.includes('unreachable'))).toEqual([expect.stringMatching(/^the store is unreachable: .*: taken away by the spec; training goes on, its checkpoints wait in .*spool$/)]);
    expect(cluster.log.filter((line) => line.includes('reachable again'))).toEqual(['the store is reachable again: 3 of its checkpoints were waiting']);
  });

  it('gets what waited from the next coordinator, and the job that goes on there knows of it', async () => {
    await using copy = await temporaryFolder();
    let solo: { readonly incarnation: string; readonly chain: string };
    {
      await using cluster = await start();
      const trainer = await attach(cluster, 'solo');
      await cluster.submit(spec);
      await trainer.start();
      store.fault = 'storage_unavailable';
      solo = { incarnation: trainer.incarnation, chain: await train(trainer, 1, 2) };
      await until(cluster, ({ reason }) => reason.includes('2 checkpoints wait'));
      expect(spooled()).toEqual(['patient']);
      await cluster.killedNow(copy.path);
    }
    await using cluster = await startTestCoordinator({ folder: copy.path });
    const { incarnation, chain } = solo;
    const trainer = await cluster.trainer('solo', { incarnation, holds: { job: 'patient', step: 2, chain, loss: 1 } });
    await trainer.next('welcome');
    expect(await until(cluster, ({ checkpoints }) => checkpoints === '2')).toMatchObject({ phase: 'JOB_PHASE_RUNNING', step: '2', startedAtStep: '0' });
    expect(spooled(copy.path)).toEqual([]);
    expect(cluster.log.filter((line) => line.startsWith('checkpoint'))).toEqual(expect.arrayContaining([
      'checkpoint 1 of run "patient" waits in the spool since an earlier start',
      'checkpoint 2 of run "patient" waits in the spool since an earlier start',
      'checkpoint 1 of run "patient" is stored',
      'checkpoint 2 of run "patient" is stored',
    ]));
    await train(trainer, 3, 4);
    expect(await cluster.ended('patient')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', checkpoints: '4' });
    expect(await listCheckpoints(cluster.store, 'patient')).toEqual([1, 2, 3, 4]);
  });

  it('refuses a new attempt at once, although checkpoints of the last one wait', async () => {
    await using cluster = await start();
    const trainer = await attach(cluster, 'solo');
    await cluster.submit(spec);
    await trainer.start();
    store.fault = 'storage_unavailable';
    await train(trainer, 1, 1);
    await until(cluster, ({ reason }) => reason.includes('1 checkpoint waits'));
    await cluster.jobs.cancel({ id: 'patient' });
    await expect(cluster.submit(spec)).rejects.toMatchObject({ code: 'storage_unavailable' });
    // Back: the new attempt continues from what the old one has left in the spool.
    store.fault = null;
    expect(await cluster.submit(spec)).toMatchObject({ startedAtStep: '1' });
  });
});

describe('a store that refuses', () => {
  it.each(['bucket_missing', 'access_denied'] as const)('is waited for while it says %s, which may pass', async (code) => {
    await using cluster = await start();
    const trainer = await attach(cluster, 'solo');
    await cluster.submit(spec);
    await trainer.start();
    store.fault = code;
    await train(trainer, 1, 1);
    await until(cluster, ({ reason }) => reason.includes('1 checkpoint waits'));
    store.fault = null;
    await until(cluster, ({ checkpoints }) => checkpoints === '1');
    expect(spooled()).toEqual([]);
  });

  it('fails the job with its reason; the checkpoint stays for the next start', async () => {
    await using cluster = await start();
    const trainer = await attach(cluster, 'solo');
    await cluster.submit(spec);
    await trainer.start();
    store.fault = 'storage_full';
    await train(trainer, 1, 1);
    const ended = await cluster.ended('patient');
    expect(ended).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'storage_full' });
    expect(ended.reason).toMatch(/^checkpoint at step 1 could not be stored: .*: taken away by the spec; submit it again/);
    expect(spooled()).toEqual(['patient']);
    expect(cluster.log.filter((line) => line.includes('the next start of the coordinator tries again'))).toHaveLength(1);
    expect(store.refused).toBe(1);
  });

  it('because it has another checkpoint of the step keeps nothing in the spool', async () => {
    await using cluster = await start();
    const trainer = await attach(cluster, 'solo');
    await cluster.submit(spec);
    await trainer.start();
    await train(trainer, 1, 4);
    await trainer.next('stopJob');
    await cluster.jobs.resume({ run: 'patient', from: '1' });
    await trainer.start();
    await trainer.step();
    await trainer.report(stateAfter(22));
    expect(await cluster.ended('patient')).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'object_exists' });
    expect(spooled()).toEqual([]);
  });
});
