import { readdirSync } from 'node:fs';
import { transferService, type ContentTable } from '@langevin/collectives';
import { listCheckpoints, readCheckpoint } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import type { ScriptedHello, ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from './testing/test-coordinator.js';

const files = { weights: 'w', ema: 'e', optimizer: 'o' };

/** So many trainers that have applied the only step of the job `state`. */
async function atState(cluster: TestCoordinator, count: number, min = count, first: Partial<ScriptedHello> = {}): Promise<ScriptedTrainer[]> {
  const trainers = [];
  for (let index = 1; index <= count; index++) trainers.push(await cluster.trainer(`n${index}`, index === 1 ? first : {}));
  for (const trainer of trainers) await trainer.next('welcome');
  await cluster.submit(dotsJob('state', { trainers: { min } }));
  for (const trainer of trainers) await trainer.start();
  await Promise.all(trainers.map((trainer) => trainer.step()));
  return trainers;
}

describe('a checkpoint', () => {
  it('is not taken from trainers that differ: the one outside the majority is evicted, and the state of the others is stored', async () => {
    await using cluster = await startTestCoordinator();
    const trainers = await atState(cluster, 3, 1);
    for (const [index, trainer] of trainers.entries()) await trainer.report(index === 1 ? { ...files, ema: 'other' } : files);
    expect(await trainers[1]!.ended).toMatchObject({ code: 'trainer_diverged', message: expect.stringMatching(/the states after step 1 differ: trainer "n2" \(t2\) has ema [0-9a-f]{12}… \(5 bytes\); the other 2 agree$/) });
    expect(await cluster.ended('state')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: ['n1', 'n3'] });
    expect(Buffer.from((await readCheckpoint(cluster.store, 'state', 1)).files.get('ema.safetensors')!).toString()).toBe('e');
  });

  it('is taken again when the trainer does not hold what it reported', async () => {
    await using cluster = await startTestCoordinator();
    const [trainer] = await atState(cluster, 1);
    const { job, step } = await trainer!.next('takeState');
    trainer!.send({ stateReady: { job, step, files: [{ role: 'weights', content: { digest: 'a'.repeat(64), size: 1 } }] } });
    await trainer!.report(files);
    expect(await cluster.ended('state')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', checkpoints: '1' });
    expect(cluster.log.some((line) => line.startsWith(`the checkpoint at step 1 could not be copied from t1: content ${'a'.repeat(64)}`))).toBe(true);
  });

  it('fails the job for a state of no files', async () => {
    await using cluster = await startTestCoordinator();
    const [trainer] = await atState(cluster, 1);
    const { job, step } = await trainer!.next('takeState');
    trainer!.send({ stateReady: { job, step, files: [] } });
    expect((await cluster.ended('state')).phase).toBe('JOB_PHASE_FAILED');
    expect(await listCheckpoints(cluster.store, 'state')).toEqual([]);
  });

  it('is taken again when a file came without content', async () => {
    await using cluster = await startTestCoordinator();
    const [trainer] = await atState(cluster, 1);
    const { job, step } = await trainer!.next('takeState');
    trainer!.send({ stateReady: { job, step, files: [{ role: 'weights', content: null }] } });
    await trainer!.report(files);
    expect(await cluster.ended('state')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', checkpoints: '1' });
  });

  it.each(['diary', '../../../escaped'])('fails the job for a file of the role "%s", and writes nothing of it', async (role) => {
    await using folder = await temporaryFolder();
    await using cluster = await startTestCoordinator({ folder: folder.path });
    const [trainer] = await atState(cluster, 1);
    await trainer!.report({ ...files, [role]: 'bytes that the trainer holds' });
    expect(await cluster.ended('state')).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'object_corrupt', reason: expect.stringContaining('role of a file') });
    expect(await listCheckpoints(cluster.store, 'state')).toEqual([]);
    expect(readdirSync(folder.path, { recursive: true }).filter((name) => String(name).includes('safetensors'))).toEqual([]);
  });

  it('is copied from another when the trainer goes before that is done', async () => {
    await using cluster = await startTestCoordinator();
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    // It is asked for its files, and gives none.
    const deaf = { serve: (table: ContentTable) => ({ ...transferService(table), Pull: () => asked() }) };
    const [first, second] = await atState(cluster, 2, 1, deaf);
    for (const trainer of [first!, second!]) await trainer.report(files);
    await isAsked;
    first!.vanish();
    expect(await cluster.ended('state')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: ['n2'], checkpoints: '1' });
    expect(cluster.log.some((line) => line.includes('the checkpoint at step 1 is copied from t2 instead'))).toBe(true);
    expect((await readCheckpoint(cluster.store, 'state', 1)).files.size).toBe(3);
  });
});
