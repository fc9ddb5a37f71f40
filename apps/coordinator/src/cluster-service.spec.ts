import { connect, maxControlBytes, receive } from '@langevin/rpc';
import type { ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, testToken, type TestCoordinator } from './testing/test-coordinator.js';

const files = { weights: 'w', ema: 'e', optimizer: 'o' };

/** Two trainers that work on one job, its first step not yet computed. */
async function twoAtWork(cluster: TestCoordinator, steps = 1): Promise<readonly [ScriptedTrainer, ScriptedTrainer]> {
  const trainers = [await cluster.trainer('left'), await cluster.trainer('right')] as const;
  for (const trainer of trainers) await trainer.next('welcome');
  await cluster.submit(dotsJob('pair', { training: { steps }, trainers: { min: 2 } }));
  for (const trainer of trainers) await trainer.start();
  return trainers;
}

/** That the coordinator still works: a fresh trainer finishes a fresh job. */
async function expectHealthy(cluster: TestCoordinator): Promise<void> {
  const trainer = await cluster.trainer('fresh');
  await trainer.next('welcome');
  await cluster.submit(dotsJob('fresh'));
  await trainer.start();
  await trainer.step();
  await trainer.report(files);
  expect((await cluster.ended('fresh')).phase).toBe('JOB_PHASE_SUCCEEDED');
  trainer.close();
}

describe('Attach', () => {
  it('refuses a stream that does not begin with hello', async () => {
    await using cluster = await startTestCoordinator();
    using client = connect(cluster.address, testToken, 'Cluster');
    const stream = client.attach();
    stream.write({ heartbeat: { progress: 1 } });
    await expect(receive(stream, client.peer).next()).rejects.toMatchObject({ code: 'invalid_argument', message: 'the first message on Attach must be Hello' });
  });

  it('refuses a trainer of another version without a welcome', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('old', { version: '1.2.2' });
    expect(await trainer.ended).toMatchObject({ code: 'version_mismatch', message: expect.stringContaining('it runs Langevin 1.2.2, the coordinator 1.2.3') });
    await expect(trainer.next('welcome')).rejects.toThrow('its stream ended');
    expect((await cluster.jobs.trainers({})).trainers).toEqual([]);
  });

  it('refuses a second trainer of the same name and keeps the first', async () => {
    await using cluster = await startTestCoordinator();
    const first = await cluster.trainer('twin');
    await first.next('welcome');
    const second = await cluster.trainer('twin');
    expect(await second.ended).toMatchObject({ code: 'invalid_argument', message: expect.stringMatching(/^refused trainer "twin" \(t2\): t1 at .* has this name/) });
    expect((await cluster.jobs.trainers({})).trainers.map(({ id, name, job }) => [id, name, job])).toEqual([['t1', 'twin', '']]);
    first.close();
    expect(await first.ended).toBeNull();
    const third = await cluster.trainer('twin');
    expect((await third.next('welcome')).trainerId).toBe('t3');
  });

  it.each(['', '%', '\n'])('refuses the pull address %j instead of failing itself', async (pullAddress) => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('lost', { pullAddress });
    expect(await trainer.ended).toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(`trainer "lost" names ${JSON.stringify(pullAddress)}`) });
    await expectHealthy(cluster);
  });

  it('gives a job that waits to the trainer that comes, after the welcome', async () => {
    await using cluster = await startTestCoordinator();
    expect((await cluster.submit(dotsJob('early'))).reason).toBe('waiting: 0/1 trainers ready');
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    expect((await trainer.next('startJob')).job).toBe('early');
  });

  it('drops a trainer that is silent for longer than the limit, by name', async () => {
    let now = 0;
    // Each look at the clock is 2 s later: three ticks without a message exceed 5 s.
    await using cluster = await startTestCoordinator({ clock: () => (now += 2000) });
    const trainer = await cluster.trainer('silent');
    await trainer.next('welcome');
    expect(await trainer.ended).toMatchObject({ code: 'trainer_lost', message: expect.stringMatching(/^silent \d+ ms > 5000 ms$/) });
    expect(cluster.log.some((line) => line.startsWith('trainer "silent" (t1) lost: silent'))).toBe(true);
  });

  it('hears a second hello as nothing', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    trainer.send({ hello: { name: 'another', version: 'x' } });
    trainer.send({});
    await cluster.submit(dotsJob('once'));
    await trainer.start();
    expect((await cluster.jobs.trainers({})).trainers.map(({ name, job }) => [name, job])).toEqual([['solo', 'once']]);
  });

  it('cuts a message beyond the size limit off with its sender, and nobody else', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('loud');
    await trainer.next('welcome');
    trainer.send({ failed: { job: 'x', code: 'internal', message: 'x'.repeat(maxControlBytes + 1) } });
    expect(await trainer.ended).toMatchObject({ code: 'invalid_argument' });
    await expectHealthy(cluster);
  });
});

describe('a trainer that goes', () => {
  /** What the pair does before the right one goes, by the phase in which it goes. */
  const phases: Readonly<Record<string, (cluster: TestCoordinator) => Promise<readonly [ScriptedTrainer, ScriptedTrainer]>>> = {
    starting: async (cluster) => {
      const trainers = [await cluster.trainer('left'), await cluster.trainer('right')] as const;
      for (const trainer of trainers) await trainer.next('welcome');
      await cluster.submit(dotsJob('pair', { trainers: { min: 2 } }));
      await trainers[0].start();
      return trainers;
    },
    computing: async (cluster) => {
      const [left, right] = await twoAtWork(cluster);
      left.publish(await left.next('runStep'), leaf);
      await right.next('runStep');
      return [left, right];
    },
    agreeing: async (cluster) => {
      const [left, right] = await twoAtWork(cluster);
      for (const trainer of [left, right]) trainer.publish(await trainer.run(), leaf);
      await left.prepare(await left.next('resultReady'));
      await right.next('resultReady');
      return [left, right];
    },
    'taking the state': async (cluster) => {
      const pair = await twoAtWork(cluster);
      await Promise.all(pair.map((trainer) => trainer.step()));
      await pair[0].report(files);
      await pair[1].next('takeState');
      return pair;
    },
  };

  describe.each(Object.keys(phases))('while the job is %s', (phase) => {
    it.each(['closes its stream', 'vanishes'] as const)('and %s fails the job by its name, and leaves the rest idle', async (how) => {
      await using cluster = await startTestCoordinator();
      const [left, right] = await phases[phase]!(cluster);
      if (how === 'vanishes') right.vanish();
      else right.close();
      const job = await cluster.ended('pair');
      expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'trainer_lost' });
      expect(job.reason).toMatch(/^trainer "right" \(t2\) lost: .*; submit it again to start over: it has no checkpoint$/);
      // What the left one was told before does not matter: the last word is to stop.
      const told = [];
      for (let body = ''; body !== 'stopJob'; told.push(body)) body = (await left.nextOfAny()).body ?? '';
      expect(told.at(-1)).toBe('stopJob');
      expect((await cluster.jobs.trainers({})).trainers.map(({ name, job: of }) => [name, of])).toEqual([['left', '']]);
      left.close();
      expect(await left.ended).toBeNull();
      await expectHealthy(cluster);
    });
  });

  it('while it is idle is missed by nobody', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    trainer.close();
    expect(await trainer.ended).toBeNull();
    await expectHealthy(cluster);
  });
});

describe('a message that fits no moment', () => {
  it('of another job, step or generation is ignored, and the step goes on', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('steady'));
    await trainer.start();
    const run = await trainer.run();
    const content = trainer.hold(leaf(0));
    const whole = { first: 0, leaves: 4 };
    const partial = { job: 'steady', step: 1, generation: run.generation, subtree: whole, content, weightSum: 4, lossSum: 4 };
    trainer.send({ partialReady: { ...partial, job: 'other' } });
    trainer.send({ partialReady: { ...partial, step: 2 } });
    trainer.send({ partialReady: { ...partial, generation: Number(run.generation) + 1 } });
    trainer.send({ partialReady: { ...partial, subtree: null } });
    trainer.send({ partialReady: { ...partial, content: null } });
    trainer.send({ prepared: { job: 'steady', step: 1, resultDigest: 'd' } });
    trainer.send({ prepared: { job: 'other', step: 1, resultDigest: 'd' } });
    trainer.send({ stateReady: { job: 'steady', step: 1, files: [] } });
    trainer.send({ stateReady: { job: 'other', step: 1, files: [{ role: 'weights', content: null }] } });
    trainer.send({ ready: { job: 'steady', numerics: { other: 'class' } } });
    trainer.send({ ready: { job: 'other' } });
    trainer.send({ failed: { job: 'other', code: 'internal', message: 'not mine' } });
    trainer.send({ heartbeat: { progress: 12 } });
    trainer.publish(run, leaf);
    await trainer.prepare(await trainer.next('resultReady'));
    await trainer.next('commit');
    await trainer.report(files);
    expect((await cluster.ended('steady')).phase).toBe('JOB_PHASE_SUCCEEDED');
    const ignored = cluster.log.filter((line) => line.startsWith('ignored')).join('\n');
    for (const word of ['speaks of job "other"', 'is ready late', 'the job is at step 1 (computing)']) expect(ignored).toContain(word);
  });

  it('such as a result that nobody announced fails the job as diverged', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('odd'));
    await trainer.start();
    trainer.publish(await trainer.run(), leaf);
    const { content } = await trainer.next('resultReady');
    trainer.send({ prepared: { job: 'odd', step: 1, resultDigest: 'another' } });
    const job = await cluster.ended('odd');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'trainer_diverged' });
    expect(job.reason).toContain(`prepared another for step 1, the result is ${content?.digest}`);
  });

  it('such as a failure of its own ends the job with its code and words', async () => {
    await using cluster = await startTestCoordinator();
    const [left] = await twoAtWork(cluster);
    left.send({ failed: { job: 'pair', code: 'storage_full', message: 'no space for shards' } });
    const job = await cluster.ended('pair');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'storage_full' });
    expect(job.reason).toContain('trainer "left" (t1) failed: no space for shards');
  });
});

describe('a trainer of another numerics class', () => {
  it('is refused for this job by the field that differs, and the job goes on without it', async () => {
    await using cluster = await startTestCoordinator();
    const trainers = [await cluster.trainer('left'), await cluster.trainer('right')] as const;
    for (const trainer of trainers) await trainer.next('welcome');
    await cluster.submit(dotsJob('pure', { trainers: { min: 1 } }));
    await trainers[0].start({ cpu: 'a', canary: 'c' });
    expect((await trainers[1].start({ cpu: 'b', canary: 'c' })).job).toBe('pure');
    expect((await trainers[1].next('stopJob')).reason).toContain('trainer "right" (t2) computes other numbers: cpu is "b", the job needs "a"');
    expect((await trainers[0].next('runStep')).subtrees).toEqual([{ first: 0, leaves: 4 }]);
  });
});
