import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCheckpoint } from '@langevin/registry';
import { dotsJob, startTestCoordinator, type TestCoordinator } from './testing/test-coordinator.js';

const job = (change: object = {}) => dotsJob('resumed', { training: { steps: 4 }, ...change });
const stateAfter = (step: number) => ({ weights: `w${step}`, ema: `e${step}`, optimizer: `o${step}` });

/** Trains up to `step`, then ends the job, unless that was the last step. */
async function trainTo(cluster: TestCoordinator, step: number): Promise<void> {
  const trainer = await cluster.trainer('first');
  await trainer.next('welcome');
  await cluster.submit(job());
  await trainer.start();
  for (let done = 1; done <= step; done++) {
    await trainer.step();
    await trainer.report(stateAfter(done));
  }
  // The last checkpoint is in the store when the job's view counts it.
  const watch = cluster.jobs.watch({ id: 'resumed' });
  for await (const view of watch) if (Number((view as { checkpoints: string }).checkpoints) === step) break;
  await cluster.jobs.cancel({ id: 'resumed' });
  expect((await cluster.ended('resumed')).phase).toBe(step < 4 ? 'JOB_PHASE_CANCELLED' : 'JOB_PHASE_SUCCEEDED');
  trainer.close();
  await trainer.ended;
}

/** Damages a file of a checkpoint where it lies. */
async function damage(cluster: TestCoordinator, step: number): Promise<string> {
  const { manifest } = await readCheckpoint(cluster.store, 'resumed', step);
  const { digest } = manifest.files[2]!;
  await writeFile(join(cluster.store.location, 'v1/blobs/sha256', digest.slice(0, 2), digest), 'XX');
  return digest;
}

describe('a job that is submitted again', () => {
  it('continues from its newest checkpoint, with its numerics class', async () => {
    await using cluster = await startTestCoordinator();
    await trainTo(cluster, 2);
    const { digest, manifest } = await readCheckpoint(cluster.store, 'resumed', 2);
    expect(await cluster.submit(job())).toMatchObject({ phase: 'JOB_PHASE_QUEUED', step: '2', startedAtStep: '2', checkpoints: '2', loss: 1, lastCheckpoint: digest });
    const trainer = await cluster.trainer('second');
    await trainer.next('welcome');
    const start = await trainer.start();
    expect(start.step).toBe('2');
    expect(start.resumeFrom.map(({ role, content }) => ({ role, digest: content?.digest }))).toEqual(manifest.files.map(({ role, digest: of }) => ({ role, digest: of })));
    const run = await trainer.run();
    expect(run.step).toBe(3);
    trainer.prepare(run);
    await trainer.next('commit');
    await trainer.report(stateAfter(3));
    await trainer.step();
    await trainer.report(stateAfter(4));
    expect(await cluster.ended('resumed')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '4', startedAtStep: '2', checkpoints: '4' });
    // Four steps of 4 are two epochs of 6.
    expect((await readCheckpoint(cluster.store, 'resumed', 4)).manifest.samplesSeen).toBe(12);
  });

  it('refuses a trainer of another numerics class than the checkpoint’s', async () => {
    await using cluster = await startTestCoordinator();
    await trainTo(cluster, 1);
    await cluster.submit(job());
    const trainer = await cluster.trainer('second');
    await trainer.next('welcome');
    await trainer.start({ cpu: 'scripted', canary: 'd' });
    expect(await cluster.ended('resumed')).toMatchObject({ errorCode: 'numerics_mismatch', reason: expect.stringContaining('canary is "d", the job needs "c"') });
  });

  it('passes over a damaged checkpoint, loudly, and repairs it when it comes by', async () => {
    await using cluster = await startTestCoordinator();
    await trainTo(cluster, 3);
    const digest = await damage(cluster, 3);
    expect(await cluster.submit(job())).toMatchObject({ startedAtStep: '2', checkpoints: '2' });
    expect(cluster.log.filter((line) => line.includes('checkpoint 3 of run "resumed"') && line.includes(digest))).toHaveLength(1);
    const trainer = await cluster.trainer('second');
    await trainer.next('welcome');
    await trainer.start();
    for (const step of [3, 4]) {
      await trainer.step();
      await trainer.report(stateAfter(step));
    }
    expect(await cluster.ended('resumed')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', checkpoints: '4' });
    expect(Buffer.from((await readCheckpoint(cluster.store, 'resumed', 3)).files.get('optimizer.safetensors')!).toString()).toBe('o3');
  });

  it('fails when it comes by a damaged checkpoint with other bytes: what was published stays', async () => {
    await using cluster = await startTestCoordinator();
    await trainTo(cluster, 2);
    await damage(cluster, 2);
    await cluster.submit(job());
    const trainer = await cluster.trainer('second');
    await trainer.next('welcome');
    await trainer.start();
    await trainer.step();
    await trainer.report(stateAfter(22));
    const ended = await cluster.ended('resumed');
    expect(ended).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'object_exists', reason: expect.stringContaining('run "resumed" has another checkpoint at step 2: files') });
  });

  it('is refused when every checkpoint is damaged', async () => {
    await using cluster = await startTestCoordinator();
    await trainTo(cluster, 1);
    await damage(cluster, 1);
    await expect(cluster.submit(job())).rejects.toMatchObject({ code: 'checkpoint_corrupt', message: expect.stringContaining('every checkpoint of run "resumed" is damaged') });
  });

  it('has succeeded at once when it was done before', async () => {
    await using cluster = await startTestCoordinator();
    await trainTo(cluster, 4);
    expect(await cluster.submit(job())).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '4', checkpoints: '4' });
  });
});
