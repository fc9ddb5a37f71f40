import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transferService, type ContentTable } from '@langevin/collectives';
import { CheckpointSpool, DirectoryStore, listCheckpoints } from '@langevin/registry';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { FaultyStore } from './testing/faulty-store.js';
import type { ScriptedHello, ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from './testing/test-coordinator.js';

const files = { weights: 'w', ema: 'e', optimizer: 'o' };
const job = dotsJob('long', { training: { steps: 9 }, checkpoints: { everySteps: 9 } });

let folder: TemporaryFolder;
/** What is left when the coordinator is killed. */
let copy: TemporaryFolder;
beforeEach(async () => ([folder, copy] = [await temporaryFolder(), await temporaryFolder()]));
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
  await copy[Symbol.asyncDispose]();
});

/** Two trainers that have committed so many steps. @returns the chain after them */
async function atStep(cluster: TestCoordinator, steps: number): Promise<{ readonly left: ScriptedTrainer; readonly right: ScriptedTrainer; readonly chain: string }> {
  const [left, right] = [await cluster.trainer('left'), await cluster.trainer('right')];
  for (const trainer of [left, right]) await trainer.next('welcome');
  await cluster.submit(job);
  for (const trainer of [left, right]) await trainer.start();
  let chain = '';
  for (let step = 1; step <= steps; step++) [chain = ''] = await Promise.all([left.step(), right.step()]);
  return { left, right, chain };
}

/** The same process, which has kept its state, attaches to another coordinator. */
async function back(cluster: TestCoordinator, { name, incarnation }: ScriptedTrainer, holds: ScriptedHello['holds'], change: Partial<ScriptedHello> = {}): Promise<ScriptedTrainer> {
  const trainer = await cluster.trainer(name, { incarnation, cluster: 'a-cluster', term: 1, ...(holds && { holds }), ...change });
  await trainer.next('welcome');
  return trainer;
}

describe('a coordinator that is killed', () => {
  it('and started again goes on with its jobs: no step is lost, and nobody submits anything again', async () => {
    let before;
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      before = await atStep(cluster, 3);
      await cluster.submit(dotsJob('next'));
      await cluster.submit(dotsJob('never'));
      await cluster.jobs.cancel({ id: 'never' });
      await cluster.killedNow(copy.path);
    }
    await using cluster = await startTestCoordinator({ folder: copy.path });
    expect((await cluster.jobs.list({})).jobs.map(({ id, phase, step }) => [id, phase, step])).toEqual([
      ['long', 'JOB_PHASE_RUNNING', '3'],
      ['next', 'JOB_PHASE_QUEUED', '0'],
      ['never', 'JOB_PHASE_CANCELLED', '0'],
    ]);
    const waiting = await cluster.jobs.get({ id: 'long' });
    expect(waiting).toMatchObject({ reason: 'waiting for "left", "right" to come back: the coordinator was away', loss: 1, startedAtStep: '0' });
    expect(JSON.parse(waiting.specJson)).toMatchObject({ name: 'long', seed: 7, training: { steps: 9 } });
    expect(cluster.log.some((line) => line.startsWith('took up job "long" at step 3, job "next" at step 0 from the log'))).toBe(true);

    const holds = { job: 'long', step: 3, chain: before.chain, loss: 1 };
    const right = await back(cluster, before.right, holds);
    const left = await back(cluster, before.left, holds);
    expect([right.id, left.id]).toEqual(['t2-1', 't2-2']);
    const runs = await Promise.all([left, right].map((trainer) => trainer.run()));
    for (const run of runs) expect(run).toMatchObject({ step: 4, chain: before.chain, isNewPlan: true });
    expect(runs.map(({ subtrees }) => subtrees.reduce((sum, { leaves }) => sum + leaves, 0))).toEqual([2, 2]);
    // Plans of the earlier coordinator are older than any of this one.
    expect(runs[0]!.generation).toBeGreaterThan(1);
    [left, right].forEach((trainer, index) => trainer.prepare(runs[index]!));
    for (const trainer of [left, right]) await trainer.next('commit');
    for (let step = 5; step <= 9; step++) await Promise.all([left.step(), right.step()]);
    for (const trainer of [left, right]) await trainer.report(files);
    expect(await cluster.ended('long')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '9', startedAtStep: '0', checkpoints: '1' });
    // The other one has kept its place in the queue.
    await left.until('stopJob');
    expect((await left.start()).job).toBe('next');
  });

  it('after a trainer had applied a step, before that was noted: applied anywhere means committed', async () => {
    let before;
    let pending;
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      before = await atStep(cluster, 1);
      await cluster.killedNow(copy.path);
      [pending] = await Promise.all([before.left.step(), before.right.step()]);
    }
    await using cluster = await startTestCoordinator({ folder: copy.path });
    expect((await cluster.jobs.get({ id: 'long' })).step).toBe('1');
    const left = await back(cluster, before.left, { job: 'long', step: 2, chain: pending, loss: 0.5 });
    const prepared = { job: 'long', step: 2, digest: pending, loss: 0.5, norm: 1, finite: true, leafMs: 1 };
    const right = await back(cluster, before.right, { job: 'long', step: 1, chain: before.chain, loss: 1, prepared });
    expect(await right.next('commit')).toEqual({ job: 'long', step: '2', digest: pending });
    for (const trainer of [left, right]) expect(await trainer.run()).toMatchObject({ step: 3, chain: pending });
    expect(await cluster.jobs.get({ id: 'long' })).toMatchObject({ step: '2', loss: 0.5 });
  });

  it('while all were in doubt: the step is decided again, and who is prepared says so', async () => {
    let before;
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      before = await atStep(cluster, 1);
      before.left.prepare(await before.left.run());
      await before.right.run();
      await cluster.jobs.list({});
      await cluster.killedNow(copy.path);
    }
    await using cluster = await startTestCoordinator({ folder: copy.path });
    const holds = { job: 'long', step: 1, chain: before.chain, loss: 1 };
    const [left, right] = [await back(cluster, before.left, holds), await back(cluster, before.right, holds)];
    await Promise.all([left.step(), right.step()]);
    expect(await cluster.jobs.get({ id: 'long' })).toMatchObject({ step: '2' });
  });

  it('and to which one of two does not come back goes on without it after three seconds', async () => {
    let before;
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      before = await atStep(cluster, 2);
      await cluster.killedNow(copy.path);
    }
    let now = 1000;
    await using cluster = await startTestCoordinator({ folder: copy.path, clock: () => now });
    const left = await back(cluster, before.left, { job: 'long', step: 2, chain: before.chain, loss: 1 });
    await cluster.until('long', ({ reason }) => reason === 'waiting for "right" to come back: the coordinator was away');
    now += 3001;
    const run = await left.run();
    expect([run.step, run.subtrees]).toEqual([3, [{ first: 0, leaves: 4 }]]);
    expect(cluster.log.some((line) => line.includes('did not come back within 3000 ms'))).toBe(true);
  });

  it('and to which all come back without their state goes on from its newest checkpoint', async () => {
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      const trainer = await cluster.trainer('solo');
      await trainer.next('welcome');
      await cluster.submit(dotsJob('long', { training: { steps: 9 }, checkpoints: { everySteps: 2 } }));
      await trainer.start();
      await trainer.step();
      await trainer.step();
      await trainer.report(files);
      await cluster.until('long', ({ checkpoints }) => checkpoints === '1');
      await trainer.step();
      await cluster.killedNow(copy.path);
    }
    await using cluster = await startTestCoordinator({ folder: copy.path });
    const anew = await cluster.trainer('solo');
    await anew.next('welcome');
    // Nobody else is expected: there is no state to join.
    expect((await anew.until('stopJob')).reason).toContain('it goes on from its newest checkpoint');
    expect(await anew.start()).toMatchObject({ job: 'long', step: '2', joins: false, resumeFrom: [{ role: 'weights' }, { role: 'ema' }, { role: 'optimizer' }] });
    expect(await anew.run()).toMatchObject({ step: 3, chain: '' });
  });

  it('after it had stored a checkpoint, before that was noted, finds it in the store', async () => {
    let store!: FaultyStore;
    {
      await using cluster = await startTestCoordinator({ folder: folder.path, wrap: (real) => (store = new FaultyStore(real)) });
      const trainer = await cluster.trainer('solo');
      await trainer.next('welcome');
      await cluster.submit(dotsJob('long', { training: { steps: 9 } }));
      await trainer.start();
      store.fault = 'storage_unavailable';
      await trainer.step();
      await trainer.report(files);
      await cluster.until('long', ({ reason }) => reason.includes('1 checkpoint waits'));
      await cluster.killedNow(copy.path);
      store.fault = null;
      // The last that it did.
      const spool = await CheckpointSpool.open(join(copy.path, 'spool'));
      const [entry] = await spool.list();
      await spool.publish(await DirectoryStore.open(join(copy.path, 'store')), entry!);
      await spool.remove(entry!);
    }
    await using cluster = await startTestCoordinator({ folder: copy.path });
    expect(await listCheckpoints(cluster.store, 'long')).toEqual([1]);
    const found = await cluster.until('long', ({ checkpoints }) => checkpoints === '1');
    expect(found).toMatchObject({ phase: 'JOB_PHASE_RUNNING', reason: expect.not.stringContaining('spool') });
  });

  it('while it copied a checkpoint copies it from a trainer that has come back with the files', async () => {
    let before;
    let chain;
    {
      let asked = (): void => undefined;
      const isAsked = new Promise<void>((resolve) => (asked = resolve));
      await using cluster = await startTestCoordinator({ folder: folder.path });
      before = await cluster.trainer('solo', { serve: (table: ContentTable) => ({ ...transferService(table), Pull: () => asked() }) });
      await before.next('welcome');
      await cluster.submit(dotsJob('long', { training: { steps: 9 }, checkpoints: { everySteps: 2 } }));
      await before.start();
      await before.step();
      chain = await before.step();
      await before.report(files);
      await isAsked;
      await cluster.killedNow(copy.path);
    }
    await using cluster = await startTestCoordinator({ folder: copy.path });
    const solo = await cluster.trainer('solo', { incarnation: before.incarnation, cluster: 'a-cluster', term: 1, holds: { job: 'long', step: 2, chain, loss: 1 } });
    for (const text of Object.values(files)) solo.table.put(Buffer.from(text));
    await solo.next('welcome');
    expect(await solo.run()).toMatchObject({ step: 3, chain });
    expect(await cluster.until('long', ({ checkpoints }) => checkpoints === '1')).toMatchObject({ step: '2' });
    expect(await listCheckpoints(cluster.store, 'long')).toEqual([2]);
  });

  it('in the middle of a write says so, and goes on from what was whole', async () => {
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      await atStep(cluster, 2);
      await cluster.killedNow(copy.path);
    }
    await appendFile(join(copy.path, 'journal', 'coordinator.log'), Buffer.from([1, 2, 3]));
    await using cluster = await startTestCoordinator({ folder: copy.path });
    expect(await cluster.jobs.get({ id: 'long' })).toMatchObject({ phase: 'JOB_PHASE_RUNNING', step: '2' });
    expect(cluster.log.filter((line) => line.includes('the torn end of a write that was never confirmed'))).toHaveLength(1);
  });
});

describe('a coordinator that is stopped calmly', () => {
  it('is gone on from by the next one in its folder', async () => {
    let before;
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      before = await atStep(cluster, 2);
      await cluster.stop();
      expect(await before.left.ended).toMatchObject({ code: 'unavailable' });
    }
    await using cluster = await startTestCoordinator({ folder: folder.path });
    const holds = { job: 'long', step: 2, chain: before.chain, loss: 1 };
    const [left, right] = [await back(cluster, before.left, holds), await back(cluster, before.right, holds)];
    for (const trainer of [left, right]) expect(await trainer.run()).toMatchObject({ step: 3, chain: before.chain });
  });

  it('tells a trainer that holds the state of a job which has ended meanwhile to stop', async () => {
    let before;
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      before = await atStep(cluster, 2);
    }
    {
      await using cluster = await startTestCoordinator({ folder: folder.path });
      await cluster.jobs.cancel({ id: 'long' });
    }
    await using cluster = await startTestCoordinator({ folder: folder.path });
    const left = await back(cluster, before.left, { job: 'long', step: 2, chain: before.chain, loss: 1 }, { term: 2 });
    expect((await left.next('stopJob')).job).toBe('long');
    expect((await cluster.jobs.trainers({})).trainers).toMatchObject([{ name: 'left', job: '' }]);
  });
});
