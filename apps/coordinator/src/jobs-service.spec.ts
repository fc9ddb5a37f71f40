import type { LangevinError } from '@langevin/contracts';
import { maxListBytes, receive } from '@langevin/rpc';
import { dotsJob, startTestCoordinator } from './testing/test-coordinator.js';

const files = { weights: 'w', ema: 'e', optimizer: 'o' };

const errorOf = (call: Promise<unknown>): Promise<LangevinError> => call.then(() => Promise.reject(new Error('it succeeded')), (error: LangevinError) => error);

describe('Submit', () => {
  it.each([
    ['no JSON', '{', 'invalid_spec', 'job spec: not JSON'],
    ['no object', '7', 'invalid_spec', 'job spec'],
    ['an unknown key', JSON.stringify({ ...dotsJob('a'), speed: 'high' }), 'invalid_spec', 'speed'],
    ['a name that cannot be a key', JSON.stringify(dotsJob('../up')), 'invalid_spec', 'name'],
    ['an unknown dataset', JSON.stringify({ ...dotsJob('a'), dataset: { name: 'faces' } }), 'dataset_missing', 'there is no dataset "faces"; there is dots, mnist-digits'],
    ['a dataset to import first', JSON.stringify({ ...dotsJob('a'), dataset: { name: 'mnist-digits' } }), 'dataset_missing', 'langevin dataset import mnist-digits'],
    ['images of another size', JSON.stringify(dotsJob('a', { model: { sample_size: 8 } })), 'invalid_spec', 'model.sample_size 8 with in_channels 1 does not fit: dataset dots has 4×4×1 images of 2 classes'],
    ['images of other channels', JSON.stringify(dotsJob('a', { model: { in_channels: 3, out_channels: 3 } })), 'invalid_spec', 'model.sample_size 4 with in_channels 3 does not fit'],
    ['images of other channels than are refined', JSON.stringify(dotsJob('a', { model: { in_channels: 6, out_channels: 3, low_resolution: { factor: 2 } } })), 'invalid_spec', 'model.sample_size 4 with half of in_channels 6 does not fit'],
    ['other classes', JSON.stringify(dotsJob('a', { model: { num_class_embeds: 2 } })), 'invalid_spec', 'model.num_class_embeds is 2; use 3'],
  ])('refuses %s', async (_, specJson, code, message) => {
    await using cluster = await startTestCoordinator();
    expect(await errorOf(cluster.jobs.submit({ specJson }))).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((await cluster.jobs.list({})).jobs).toEqual([]);
  });

  it('of a job that waits or runs already answers with that one, also when both come at once', async () => {
    await using cluster = await startTestCoordinator();
    const both = await Promise.all([cluster.submit(dotsJob('one')), cluster.submit(dotsJob('one'))]);
    expect(both.map(({ id, phase }) => [id, phase])).toEqual([['one', 'JOB_PHASE_QUEUED'], ['one', 'JOB_PHASE_QUEUED']]);
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await trainer.start();
    await trainer.step();
    expect(await cluster.submit(dotsJob('one'))).toMatchObject({ phase: 'JOB_PHASE_RUNNING', step: '1', trainers: ['solo'] });
    expect((await cluster.jobs.list({})).jobs).toHaveLength(1);
  });

  it('refuses another specification under the name of a job that waits or runs', async () => {
    await using cluster = await startTestCoordinator();
    await cluster.submit(dotsJob('one'));
    const other = dotsJob('one', { checkpoints: { everySteps: 3 } });
    expect(await errorOf(cluster.submit(other))).toMatchObject({
      code: 'job_conflict',
      message: 'job "one" is queued already with another specification: see `langevin job show one`, or choose another name',
    });
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await trainer.start();
    await trainer.run();
    expect((await errorOf(cluster.submit(other))).message).toContain('job "one" is running already with another specification');
  });

  it('refuses another job under the name of a run, with what differs', async () => {
    await using cluster = await startTestCoordinator();
    await cluster.submit(dotsJob('one'));
    await cluster.jobs.cancel({ id: 'one' });
    const error = await errorOf(cluster.submit(dotsJob('one', { seed: 8 })));
    expect(error).toMatchObject({ code: 'job_conflict', message: expect.stringContaining('spec.seed is 7 there, 8 here') });
    expect((await cluster.submit(dotsJob('one', { checkpoints: { everySteps: 3 } }))).phase).toBe('JOB_PHASE_QUEUED');
  });
});

describe('List', () => {
  it('fits a message, whatever there is: each job without its specification, which Get has', async () => {
    await using cluster = await startTestCoordinator();
    // Specifications of 300 jobs are more than a message of a control protocol may hold.
    const names = Array.from({ length: 300 }, (_, index) => `${'a'.repeat(60)}${String(index).padStart(4, '0')}`);
    for (const name of names) await cluster.submit(dotsJob(name));
    const { jobs } = await cluster.jobs.list({});
    expect(jobs.map(({ id }) => id)).toEqual(names);
    expect(new Set(jobs.map(({ specJson }) => specJson))).toEqual(new Set(['']));
    const { specJson } = await cluster.jobs.get({ id: names[0]! });
    expect(JSON.parse(specJson)).toMatchObject({ name: names[0] });
    expect(JSON.stringify(jobs).length * (4000 / names.length)).toBeLessThan(maxListBytes);
  });
});

describe('Get, Cancel and Trainers', () => {
  it('say that a job is unknown and how to see those there are', async () => {
    await using cluster = await startTestCoordinator();
    for (const call of [cluster.jobs.get({ id: 'x' }), cluster.jobs.cancel({ id: 'x' })]) {
      expect(await errorOf(call)).toMatchObject({ code: 'job_unknown', message: 'there is no job "x"; `langevin job ls` lists those there are' });
    }
  });

  it('show and cancel a job that runs: its trainer is told and idle again', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('one'));
    await trainer.start();
    await trainer.run();
    expect(await cluster.jobs.get({ id: 'one' })).toMatchObject({ id: 'one', phase: 'JOB_PHASE_RUNNING', trainers: ['solo'], reason: 'training on "solo"' });
    expect((await cluster.jobs.trainers({})).trainers).toMatchObject([{ id: 't1', name: 'solo', job: 'one', numerics: { cpu: 'scripted' } }]);
    expect(await cluster.jobs.cancel({ id: 'one' })).toMatchObject({ phase: 'JOB_PHASE_CANCELLED', reason: expect.stringContaining('on request, at step 0') });
    expect((await trainer.next('stopJob')).job).toBe('one');
    expect((await cluster.jobs.trainers({})).trainers).toMatchObject([{ name: 'solo', job: '' }]);
    expect((await cluster.jobs.cancel({ id: 'one' })).phase).toBe('JOB_PHASE_CANCELLED');
  });
});

describe('Watch', () => {
  it('tells every change of a job and ends with it', async () => {
    await using cluster = await startTestCoordinator();
    await cluster.submit(dotsJob('one', { training: { steps: 2 } }));
    const seen: string[] = [];
    const watching = (async () => {
      for await (const job of receive(cluster.jobs.watch({ id: 'one' }), cluster.jobs.peer)) seen.push(`${job.phase.slice(10)} ${job.step}`);
    })();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await trainer.start();
    for (let step = 1; step <= 2; step++) {
      await trainer.step();
      await trainer.report(files);
    }
    await watching;
    expect([...new Set(seen)].slice(-4)).toEqual(['RUNNING 0', 'RUNNING 1', 'RUNNING 2', 'SUCCEEDED 2']);
    expect(seen.filter((line) => line === 'SUCCEEDED 2')).toHaveLength(1);
  });

  it('of a job that has ended tells it once', async () => {
    await using cluster = await startTestCoordinator();
    await cluster.submit(dotsJob('one'));
    await cluster.jobs.cancel({ id: 'one' });
    const seen = [];
    for await (const job of receive(cluster.jobs.watch({ id: 'one' }), cluster.jobs.peer)) seen.push(job.phase);
    expect(seen).toEqual(['JOB_PHASE_CANCELLED']);
  });

  it('of an unknown job fails', async () => {
    await using cluster = await startTestCoordinator();
    await expect(receive(cluster.jobs.watch({ id: 'x' }), cluster.jobs.peer).next()).rejects.toMatchObject({ code: 'job_unknown' });
  });

  it('may be left early: the job goes on and others still watch', async () => {
    await using cluster = await startTestCoordinator();
    await cluster.submit(dotsJob('one'));
    for await (const job of receive(cluster.jobs.watch({ id: 'one' }), cluster.jobs.peer)) {
      expect(job.phase).toBe('JOB_PHASE_QUEUED');
      break;
    }
    const ended = cluster.ended('one');
    await cluster.jobs.cancel({ id: 'one' });
    expect((await ended).phase).toBe('JOB_PHASE_CANCELLED');
  });
});
