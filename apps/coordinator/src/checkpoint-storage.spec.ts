import { readdirSync } from 'node:fs';
import { listCheckpoints } from '@langevin/registry';
import { temporaryFolder } from '@langevin/testing';
import type { ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from './testing/test-coordinator.js';

const files = { weights: 'w', ema: 'e', optimizer: 'o' };

/** So many trainers that have applied the only step of the job `state`. */
async function atState(cluster: TestCoordinator, count: number): Promise<ScriptedTrainer[]> {
  const trainers = [];
  for (let index = 1; index <= count; index++) trainers.push(await cluster.trainer(`n${index}`));
  for (const trainer of trainers) await trainer.next('welcome');
  await cluster.submit(dotsJob('state', { trainers: { min: count } }));
  for (const trainer of trainers) await trainer.start();
  await Promise.all(trainers.map((trainer) => trainer.step()));
  return trainers;
}

describe('a checkpoint', () => {
  it('is not taken from trainers that differ: the one outside the majority is named, with its file', async () => {
    await using cluster = await startTestCoordinator();
    const trainers = await atState(cluster, 3);
    for (const [index, trainer] of trainers.entries()) await trainer.report(index === 1 ? { ...files, ema: 'other' } : files);
    const job = await cluster.ended('state');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'trainer_diverged' });
    expect(job.reason).toMatch(/^the states after step 1 differ: trainer "n2" \(t2\) has ema [0-9a-f]{12}… \(5 bytes\); the other 2 agree/);
    expect(await listCheckpoints(cluster.store, 'state')).toEqual([]);
  });

  it('fails the job when the trainer does not hold what it reported', async () => {
    await using cluster = await startTestCoordinator();
    const [trainer] = await atState(cluster, 1);
    const { job, step } = await trainer!.next('takeState');
    trainer!.send({ stateReady: { job, step, files: [{ role: 'weights', content: { digest: 'a'.repeat(64), size: 1 } }] } });
    expect(await cluster.ended('state')).toMatchObject({
      phase: 'JOB_PHASE_FAILED',
      errorCode: 'content_missing',
      reason: expect.stringContaining(`checkpoint at step 1 could not be stored: content ${'a'.repeat(64)}`),
    });
  });

  it.each([
    ['no files', []],
    ['a file without content', [{ role: 'weights', content: null }]],
  ])('fails the job for a state of %s', async (_, reported) => {
    await using cluster = await startTestCoordinator();
    const [trainer] = await atState(cluster, 1);
    const { job, step } = await trainer!.next('takeState');
    trainer!.send({ stateReady: { job, step, files: reported } });
    expect((await cluster.ended('state')).phase).toBe('JOB_PHASE_FAILED');
    expect(await listCheckpoints(cluster.store, 'state')).toEqual([]);
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

  it('fails the job when the trainer goes before it is stored, and keeps the store clean', async () => {
    await using cluster = await startTestCoordinator();
    const [first, second] = await atState(cluster, 2);
    await second!.report(files);
    const { job, step } = await first!.next('takeState');
    first!.send({ stateReady: { job, step, files: Object.keys(files).map((role) => ({ role, content: { digest: 'b'.repeat(64), size: 1 } })) } });
    first!.close();
    const ended = await cluster.ended('state');
    expect(ended.phase).toBe('JOB_PHASE_FAILED');
    expect(['trainer_lost', 'content_missing', 'unavailable', 'cancelled']).toContain(ended.errorCode);
    expect(await listCheckpoints(cluster.store, 'state')).toEqual([]);
  });
});
