import { connect, maxControlBytes, receive } from '@langevin/rpc';
import { digestAfter, type ScriptedRun, type ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, testToken, type TestCoordinator } from './testing/test-coordinator.js';

const files = { weights: 'w', ema: 'e', optimizer: 'o' };

/** Two trainers that work on one job, its first step not yet computed. */
async function twoAtWork(cluster: TestCoordinator, steps = 1, min = 1): Promise<readonly [ScriptedTrainer, ScriptedTrainer]> {
  const trainers = [await cluster.trainer('left'), await cluster.trainer('right')] as const;
  for (const trainer of trainers) await trainer.next('welcome');
  await cluster.submit(dotsJob('pair', { training: { steps }, trainers: { min } }));
  for (const trainer of trainers) await trainer.start();
  return trainers;
}

/** Leaves that a trainer computes of a step, in order. */
const leavesOf = ({ subtrees }: ScriptedRun): number[] => subtrees.flatMap(({ first, leaves }) => Array.from({ length: leaves }, (_, index) => first + index)).sort((a, b) => a - b);

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
    expect(await second.ended).toMatchObject({ code: 'trainer_conflict', message: expect.stringMatching(/^refused trainer "twin" \(t2\): t1 at .* has this name/) });
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

  it('takes the same process over a new connection, and ends the old one', async () => {
    await using cluster = await startTestCoordinator();
    const first = await cluster.trainer('twin');
    await first.next('welcome');
    const second = await cluster.trainer('twin', { incarnation: first.incarnation });
    expect((await second.next('welcome')).trainerId).toBe('t2');
    expect(await first.ended).toMatchObject({ code: 'trainer_lost', message: 'it has connected anew' });
    expect((await cluster.jobs.trainers({})).trainers.map(({ id, name }) => [id, name])).toEqual([['t2', 'twin']]);
  });

  it('refuses a trainer that has worked for another cluster, and takes one that has worked for this one', async () => {
    await using cluster = await startTestCoordinator();
    const stranger = await cluster.trainer('stranger', { cluster: 'elsewhere', term: 1 });
    expect(await stranger.ended).toMatchObject({ code: 'invalid_argument', message: 'trainer "stranger" works for cluster elsewhere, this coordinator is that of a-cluster: start the trainer anew' });
    expect((await cluster.jobs.trainers({})).trainers).toEqual([]);
    const known = await cluster.trainer('known', { cluster: 'a-cluster', term: 1 });
    expect(await known.next('welcome')).toMatchObject({ cluster: 'a-cluster', term: '1' });
  });

  it('refuses a trainer that has seen a higher term: another coordinator has taken over', async () => {
    await using cluster = await startTestCoordinator();
    const late = await cluster.trainer('late', { cluster: 'a-cluster', term: 2 });
    expect(await late.ended).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/^trainer "late" has seen term 2, this coordinator has term 1/) });
    expect(cluster.log.some((line) => line.startsWith('trainer "late" has seen term 2'))).toBe(true);
    // It asks the store whether that is so, and goes on, as it is not.
    const isTaken = async (): Promise<boolean> => (await cluster.trainer('again')).next('welcome').then(() => true, () => false);
    while (!(await isTaken()));
    expect((await cluster.jobs.trainers({})).trainers.map(({ name }) => name)).toEqual(['again']);
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
  /** What is done before the right one goes, and what the left one does then to end the job. */
  const phases: Readonly<Record<string, { readonly before: (cluster: TestCoordinator) => Promise<readonly [ScriptedTrainer, ScriptedTrainer]>; readonly after: (left: ScriptedTrainer) => Promise<void> }>> = {
    starting: {
      before: async (cluster) => {
        const trainers = [await cluster.trainer('left'), await cluster.trainer('right')] as const;
        for (const trainer of trainers) await trainer.next('welcome');
        await cluster.submit(dotsJob('pair'));
        await trainers[0].start();
        await trainers[1].next('startJob');
        return trainers;
      },
      after: async (left) => {
        const run = await left.run();
        expect([run.generation, leavesOf(run)]).toEqual([1, [0, 1, 2, 3]]);
        left.prepare(run);
        await left.next('commit');
        await left.report(files);
      },
    },
    computing: {
      before: async (cluster) => {
        const [left, right] = await twoAtWork(cluster);
        const [mine, other] = [await left.run(), await right.run()];
        expect([mine.generation, leavesOf(mine), leavesOf(other)]).toEqual([1, [0, 1], [2, 3]]);
        return [left, right];
      },
      after: async (left) => {
        // The same step under a new generation: its own leaves stay its own, and those of the lost one move.
        const again = await left.run();
        expect(again).toMatchObject({ step: 1, chain: '', isNewPlan: true, members: [{ name: 'left' }] });
        expect(again.generation).toBeGreaterThan(1);
        expect(again.subtrees[0]).toEqual({ first: 0, leaves: 2 });
        expect(leavesOf(again)).toEqual([0, 1, 2, 3]);
        expect(again.plan.chunks.map(({ owner }) => owner)).toEqual([left.id]);
        left.prepare(again);
        await left.next('commit');
        await left.report(files);
      },
    },
    agreeing: {
      before: async (cluster) => {
        const [left, right] = await twoAtWork(cluster);
        left.prepare(await left.run());
        await right.run();
        await cluster.jobs.get({ id: 'pair' });
        return [left, right];
      },
      // It holds the whole result: nothing is computed again.
      after: async (left) => {
        await left.next('commit');
        await left.report(files);
      },
    },
    'taking the state': {
      before: async (cluster) => {
        const pair = await twoAtWork(cluster);
        await Promise.all(pair.map((trainer) => trainer.step()));
        await pair[0].report(files);
        await pair[1].next('takeState');
        return pair;
      },
      after: () => Promise.resolve(),
    },
  };

  describe.each(Object.keys(phases))('while the job is %s', (phase) => {
    it.each(['closes its stream', 'vanishes'] as const)('and %s is named, and the rest finishes the job', async (how) => {
      await using cluster = await startTestCoordinator();
      const { before, after } = phases[phase]!;
      const [left, right] = await before(cluster);
      if (how === 'vanishes') right.vanish();
      else right.close();
      await after(left);
      expect(await cluster.ended('pair')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '1', trainers: ['left'], checkpoints: '1' });
      expect(cluster.log.filter((line) => line.startsWith('trainer "right" (t2) lost: connection'))).toHaveLength(1);
      await left.until('stopJob');
      left.close();
      expect(await left.ended).toBeNull();
      await expectHealthy(cluster);
    });
  });

  it('before the job has as many as it needs leaves the others idle again, and the job in the queue', async () => {
    await using cluster = await startTestCoordinator();
    const [left, right] = [await cluster.trainer('left'), await cluster.trainer('right')];
    for (const trainer of [left, right]) await trainer.next('welcome');
    await cluster.submit(dotsJob('pair', { trainers: { min: 2 } }));
    await left.start();
    await right.next('startJob');
    right.close();
    expect((await left.next('stopJob')).reason).toContain('job "pair" waits for another trainer');
    expect(await cluster.jobs.get({ id: 'pair' })).toMatchObject({ phase: 'JOB_PHASE_QUEUED', reason: 'waiting: 1/2 trainers ready' });
    expect((await cluster.jobs.trainers({})).trainers.map(({ name, job }) => [name, job])).toEqual([['left', '']]);
  });

  it('and of which the job needs more pauses it, until another has come and has the state', async () => {
    await using cluster = await startTestCoordinator();
    const [left, right] = await twoAtWork(cluster, 2, 2);
    for (const trainer of [left, right]) await trainer.run();
    right.vanish();
    const paused = await cluster.until('pair', ({ reason }) => reason.startsWith('paused'));
    expect(paused).toMatchObject({ phase: 'JOB_PHASE_RUNNING', reason: 'paused at step 1: 1/2 trainers', trainers: ['left'] });
    const third = await cluster.trainer('third');
    await third.next('welcome');
    expect(await third.start()).toMatchObject({ job: 'pair', joins: true });
    expect(await left.until('shareState')).toEqual({ job: 'pair', step: '0' });
    expect(await third.until('fetchState')).toEqual({ job: 'pair', step: '0', chain: '', donors: [left.id] });
    third.send({ stateFetched: { job: 'pair', step: 0 } });
    expect(await left.until('dropState')).toEqual({ job: 'pair', step: '0' });
    const [mine, other] = [await left.run(), await third.run()];
    expect([...leavesOf(mine), ...leavesOf(other)].sort()).toEqual([0, 1, 2, 3]);
    expect(mine.members.map(({ name }) => name).sort()).toEqual(['left', 'third']);
    for (const [trainer, run] of [[left, mine], [third, other]] as const) trainer.prepare(run);
    for (const trainer of [left, third]) await trainer.next('commit');
    for (const trainer of [left, third]) await trainer.report(files);
    expect(await cluster.until('pair', ({ step }) => step === '1')).toMatchObject({ trainers: ['left', 'third'] });
  });

  it('and was the last is waited for: it comes back with the state, and the same step goes on', async () => {
    await using cluster = await startTestCoordinator();
    const solo = await cluster.trainer('solo');
    await solo.next('welcome');
    await cluster.submit(dotsJob('alone', { training: { steps: 3 }, checkpoints: { everySteps: 3 } }));
    await solo.start();
    const one = await solo.step();
    await solo.run();
    solo.vanish();
    const waits = await cluster.until('alone', ({ reason }) => reason.startsWith('waiting'));
    expect(waits).toMatchObject({ phase: 'JOB_PHASE_RUNNING', step: '1', reason: expect.stringMatching(/^waiting for "solo" to come back: "solo": connection/) });
    const back = await cluster.trainer('solo', { incarnation: solo.incarnation, cluster: 'a-cluster', term: 1, holds: { job: 'alone', step: 1, chain: one, loss: 1 } });
    await back.next('welcome');
    const two = await back.run();
    expect(two).toMatchObject({ step: 2, chain: one, isNewPlan: true });
    expect(leavesOf(two)).toEqual([0, 1, 2, 3]);
    back.prepare(two);
    await back.next('commit');
    await back.step();
    await back.report(files);
    expect(await cluster.ended('alone')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', startedAtStep: '0' });
  });

  it('and was the last, and does not come back: the job goes on from its newest checkpoint when there is a trainer', async () => {
    let now = 0;
    await using cluster = await startTestCoordinator({ clock: () => now });
    const solo = await cluster.trainer('solo');
    await solo.next('welcome');
    await cluster.submit(dotsJob('alone', { training: { steps: 3 } }));
    await solo.start();
    await solo.step();
    await solo.report(files);
    await cluster.until('alone', ({ checkpoints }) => checkpoints === '1');
    await solo.step();
    solo.vanish();
    await cluster.until('alone', ({ reason }) => reason.startsWith('waiting for "solo"'));
    now += 8900;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await cluster.jobs.get({ id: 'alone' })).toMatchObject({ phase: 'JOB_PHASE_RUNNING', step: '2' });
    now += 200;
    const queued = await cluster.until('alone', ({ reason }) => reason.endsWith('waiting: 0/1 trainers ready'));
    expect(queued).toMatchObject({ phase: 'JOB_PHASE_QUEUED', step: '1', startedAtStep: '1', checkpoints: '1', reason: expect.stringMatching(/^"solo": connection .*; waiting: 0\/1 trainers ready$/) });
    const next = await cluster.trainer('next');
    await next.next('welcome');
    expect(await next.start()).toMatchObject({ step: '1', joins: false, resumeFrom: [{ role: 'weights' }, { role: 'ema' }, { role: 'optimizer' }] });
    expect(await next.run()).toMatchObject({ step: 2, chain: '' });
    expect(await cluster.jobs.get({ id: 'alone' })).toMatchObject({ checkpoints: '1' });
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

describe('a trainer that joins', () => {
  it('and falls behind fetches the state again, and the job waits for it then', async () => {
    await using cluster = await startTestCoordinator();
    const solo = await cluster.trainer('solo');
    await solo.next('welcome');
    await cluster.submit(dotsJob('long', { training: { steps: 9 }, checkpoints: { everySteps: 9 } }));
    await solo.start();
    const first = await solo.run();
    const late = await cluster.trainer('late');
    await late.next('welcome');
    expect((await late.start()).joins).toBe(true);
    await cluster.until('long', ({ reason }) => reason === 'training on "solo"; "late" joins');
    await cluster.jobs.list({});
    solo.prepare(first);
    await solo.until('commit');
    expect((await solo.until('shareState')).step).toBe('1');
    expect(await late.until('fetchState')).toMatchObject({ step: '1', donors: [solo.id] });
    // It hears of the step that goes on meanwhile.
    const [second, heard] = [await solo.run(), await late.run()];
    expect([second.step, heard.step, heard.subtrees]).toEqual([2, 2, []]);
    late.send({ fellBehind: { job: 'long', step: 1 } });
    expect((await solo.until('dropState')).step).toBe('1');
    solo.prepare(second);
    const chain = (await solo.until('commit')).digest;
    expect((await solo.until('shareState')).step).toBe('2');
    expect(await late.until('fetchState')).toMatchObject({ step: '2', chain });
    await cluster.until('long', ({ reason }) => reason === 'paused at step 3: trainer "late" catches up');
    late.send({ stateFetched: { job: 'long', step: 2 } });
    expect((await solo.until('dropState')).step).toBe('2');
    const third = [await solo.run(), await late.run()];
    for (const run of third) expect(run).toMatchObject({ step: 3, chain });
    expect(third.flatMap(leavesOf).sort()).toEqual([0, 1, 2, 3]);
  });

  it('and replays while others go on takes part as soon as it is as far as they are', async () => {
    await using cluster = await startTestCoordinator();
    const solo = await cluster.trainer('solo');
    await solo.next('welcome');
    await cluster.submit(dotsJob('long', { training: { steps: 9 }, checkpoints: { everySteps: 9 } }));
    await solo.start();
    const first = await solo.run();
    const late = await cluster.trainer('late');
    await late.next('welcome');
    await late.start();
    await cluster.until('long', ({ reason }) => reason === 'training on "solo"; "late" joins');
    await cluster.jobs.list({});
    solo.prepare(first);
    await late.until('fetchState');
    await solo.until('shareState');
    const second = await solo.run();
    await late.run();
    const chain = solo.prepare(second);
    await solo.until('commit');
    // It is told of the commit, and has not even the state before.
    expect(await late.until('commit')).toMatchObject({ step: '2', digest: chain });
    const alone = await solo.run();
    expect(leavesOf(alone)).toEqual([0, 1, 2, 3]);
    late.send({ stateFetched: { job: 'long', step: 1 } });
    late.send({ prepared: { job: 'long', step: 2, digest: chain, finite: true } });
    const after = solo.prepare(alone);
    expect(await late.until('commit')).toMatchObject({ step: '3', digest: after });
    late.send({ prepared: { job: 'long', step: 3, digest: after, finite: true } });
    await solo.until('commit');
    let run = await solo.run();
    // It takes part after the first step whose result it has no later than the others.
    while (leavesOf(run).length === 4) {
      late.send({ prepared: { job: 'long', step: run.step, digest: digestAfter(run.chain, run.step), finite: true } });
      await cluster.jobs.list({});
      solo.prepare(run);
      await solo.until('commit');
      run = await solo.run();
    }
    expect(run.step).toBeLessThan(7);
    expect(leavesOf(run)).toHaveLength(2);
    expect((await cluster.jobs.get({ id: 'long' })).trainers).toEqual(['solo', 'late']);
  });
});

describe('a trainer that is silent', () => {
  it('is lost within three seconds, by its name, and one that sends its heartbeats is not', async () => {
    await using cluster = await startTestCoordinator({ clock: () => performance.now() });
    const [left, right] = await twoAtWork(cluster);
    const beat = setInterval(() => left.send({ heartbeat: { progress: 1 } }), 250);
    try {
      for (const trainer of [left, right]) await trainer.run();
      right.send({ heartbeat: { progress: 1 } });
      const from = performance.now();
      expect(await right.ended).toMatchObject({ code: 'trainer_lost', message: expect.stringMatching(/^silent for \d+ ms, its rhythm allows \d+ ms$/) });
      expect(performance.now() - from).toBeLessThan(3000);
      expect(performance.now() - from).toBeGreaterThan(1700);
      expect(leavesOf(await left.run())).toEqual([0, 1, 2, 3]);
      expect((await cluster.jobs.trainers({})).trainers.map(({ name }) => name)).toEqual(['left']);
      expect(cluster.log.some((line) => line.startsWith('trainer "right" (t2) lost: silent for'))).toBe(true);
    } finally {
      clearInterval(beat);
    }
  });

  it('is not waited for when its connection ends: the step goes on at once', async () => {
    await using cluster = await startTestCoordinator({ clock: () => performance.now() });
    const [left, right] = await twoAtWork(cluster);
    for (const trainer of [left, right]) await trainer.run();
    const from = performance.now();
    right.vanish();
    expect(leavesOf(await left.run())).toEqual([0, 1, 2, 3]);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('a trainer whose numbers differ', () => {
  const three = async (cluster: TestCoordinator): Promise<ScriptedTrainer[]> => {
    const trainers = [await cluster.trainer('a'), await cluster.trainer('b'), await cluster.trainer('c')];
    for (const trainer of trainers) await trainer.next('welcome');
    await cluster.submit(dotsJob('odd'));
    for (const trainer of trainers) await trainer.start();
    return trainers;
  };

  it('from those of the majority is evicted by its name, and the others go on without it', async () => {
    await using cluster = await startTestCoordinator();
    const [a, b, c] = await three(cluster);
    for (const trainer of [a!, b!, c!]) trainer.prepare(await trainer.run(), trainer === b ? { digest: 'b'.repeat(64) } : {});
    expect(await b!.ended).toMatchObject({ code: 'trainer_diverged', message: expect.stringMatching(/^"b" evicted from job "odd": the results of step 1 differ: "a", "c" [0-9a-f]{12}, "b" b{12}; the other 2 agree$/) });
    // They hold the right result.
    for (const trainer of [a!, c!]) await trainer.until('commit');
    for (const trainer of [a!, c!]) await trainer.report(files);
    expect(await cluster.ended('odd')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: ['a', 'c'] });
  });

  it('may come back, and idles: the job does without it', async () => {
    await using cluster = await startTestCoordinator();
    const [a, b, c] = await three(cluster);
    for (const trainer of [a!, b!, c!]) trainer.prepare(await trainer.run(), trainer === b ? { digest: 'b'.repeat(64) } : {});
    await b!.ended;
    await a!.until('takeState');
    const again = await cluster.trainer('b', { incarnation: b!.incarnation });
    await again.next('welcome');
    expect((await cluster.jobs.trainers({})).trainers.map(({ name, job }) => [name, job])).toEqual([['a', 'odd'], ['c', 'odd'], ['b', '']]);
  });

  it('from those of the only other one pauses the job, until people drain one of the two', async () => {
    await using cluster = await startTestCoordinator();
    const [left, right] = await twoAtWork(cluster);
    left.prepare(await left.run());
    right.prepare(await right.run(), { digest: 'b'.repeat(64) });
    const paused = await cluster.until('pair', ({ reason }) => reason.startsWith('paused'));
    expect(paused.phase).toBe('JOB_PHASE_RUNNING');
    expect(paused.reason).toMatch(/^paused at step 1: the results of step 1 differ: "left" [0-9a-f]{12}, "right" b{12}; no majority tells who is right: drain or stop the one that you do not trust$/);
    await cluster.jobs.drain({ name: 'right' });
    expect((await right.until('released')).reason).toBe('it was asked to');
    const again = await left.run();
    expect(leavesOf(again)).toEqual([0, 1, 2, 3]);
    left.prepare(again);
    await left.next('commit');
    await left.report(files);
    expect(await cluster.ended('pair')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: ['left'] });
  });

  it('in the state that it reports is evicted by its name and its file', async () => {
    await using cluster = await startTestCoordinator();
    const trainers = await three(cluster);
    await Promise.all(trainers.map((trainer) => trainer.step()));
    for (const trainer of trainers) await trainer.report(trainer === trainers[2] ? { ...files, ema: 'other' } : files);
    expect(await trainers[2]!.ended).toMatchObject({ code: 'trainer_diverged', message: expect.stringMatching(/the states after step 1 differ: trainer "c" \(t3\) has ema [0-9a-f]{12}… \(5 bytes\); the other 2 agree/) });
    expect(await cluster.ended('odd')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: ['a', 'b'] });
  });
});

describe('a trainer that is drained', () => {
  it.each(['asked by people', 'of itself'])('%s leaves between two steps, and its leaves move to the others', async (who) => {
    await using cluster = await startTestCoordinator();
    const [left, right] = await twoAtWork(cluster, 2);
    const [mine, other] = [await left.run(), await right.run()];
    if (who === 'of itself') right.send({ leaving: { reason: 'the spot machine goes' } });
    else await cluster.jobs.drain({ name: 'right' });
    left.prepare(mine);
    right.prepare(other);
    for (const trainer of [left, right]) await trainer.next('commit');
    for (const trainer of [left, right]) await trainer.report(files);
    expect((await right.until('released')).reason).toBe(who === 'of itself' ? 'the spot machine goes' : 'it was asked to');
    right.close();
    expect(await right.ended).toBeNull();
    const next = await left.run();
    expect([next.step, leavesOf(next)]).toEqual([2, [0, 1, 2, 3]]);
    expect((await cluster.jobs.trainers({})).trainers.map(({ name }) => name)).toEqual(['left']);
    expect(cluster.log.filter((line) => /"right".* lost/.test(line))).toEqual([]);
  });

  it('at once when it is idle; one that nobody knows is refused', async () => {
    await using cluster = await startTestCoordinator();
    const idle = await cluster.trainer('idle');
    await idle.next('welcome');
    await cluster.jobs.drain({ name: 'idle' });
    expect((await idle.next('released')).reason).toBe('it was asked to');
    await expect(cluster.jobs.drain({ name: 'nobody' })).rejects.toMatchObject({ code: 'invalid_argument', message: 'no trainer "nobody" is attached; `langevin node ls` lists those there are' });
  });

  it('and is the last leaves its state as a checkpoint, from which the job goes on with another', async () => {
    await using cluster = await startTestCoordinator();
    const solo = await cluster.trainer('solo');
    await solo.next('welcome');
    await cluster.submit(dotsJob('spot', { training: { steps: 9 }, checkpoints: { everySteps: 9 } }));
    await solo.start();
    const one = await solo.run();
    solo.send({ leaving: { reason: 'it was told to stop' } });
    solo.prepare(one);
    await solo.next('commit');
    await solo.report(files);
    await solo.until('released');
    const queued = await cluster.until('spot', ({ phase, checkpoints }) => phase === 'JOB_PHASE_QUEUED' && checkpoints === '1');
    expect(queued.reason).toMatch(/^"solo" drained/);
    const next = await cluster.trainer('next');
    await next.next('welcome');
    expect(await next.start()).toMatchObject({ step: '1', joins: false });
    expect((await next.run()).step).toBe(2);
  });
});

describe('a message that fits no moment', () => {
  it('of another job, step or kind is ignored, and the step goes on', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('steady'));
    await trainer.start();
    const run = await trainer.run();
    trainer.prepare({ ...run, job: 'other' });
    trainer.prepare({ ...run, step: 2 });
    trainer.prepare({ ...run, step: 0 });
    trainer.send({ stateReady: { job: 'steady', step: 1, files: [] } });
    trainer.send({ stateReady: { job: 'other', step: 1, files: [{ role: 'weights', content: null }] } });
    trainer.send({ ready: { job: 'steady', numerics: { other: 'class' } } });
    trainer.send({ ready: { job: 'other' } });
    trainer.send({ failed: { job: 'other', code: 'internal', message: 'not mine' } });
    trainer.send({ stateFetched: { job: 'steady', step: 0 } });
    trainer.send({ trouble: { job: 'steady', peer: 't99', problem: 'gone' } });
    trainer.send({ heartbeat: { progress: 12 } });
    trainer.prepare(run);
    await trainer.next('commit');
    trainer.prepare(run);
    await trainer.report(files);
    expect((await cluster.ended('steady')).phase).toBe('JOB_PHASE_SUCCEEDED');
    const ignored = cluster.log.filter((line) => line.startsWith('ignored')).join('\n');
    for (const word of ['speaks of job "other"', 'is ready late', 'the job is at step 1 (stepping)', 'does not join job "steady"']) expect(ignored).toContain(word);
  });

  it('such as the failure of one of two costs that one its part, and the other goes on', async () => {
    await using cluster = await startTestCoordinator();
    const [left, right] = await twoAtWork(cluster);
    for (const trainer of [left, right]) await trainer.run();
    left.send({ failed: { job: 'pair', code: 'storage_full', message: 'no space for shards' } });
    expect((await left.next('stopJob')).reason).toBe('it failed here');
    right.prepare(await right.run());
    await right.next('commit');
    await right.report(files);
    expect(await cluster.ended('pair')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: ['right'] });
    expect(cluster.log.some((line) => line.includes('trainer "left" (t1) failed: no space for shards'))).toBe(true);
  });

  it('such as a result that is not finite fails the job, with what to do', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('odd'));
    await trainer.start();
    trainer.prepare(await trainer.run(), { finite: false, norm: Infinity });
    expect(await cluster.ended('odd')).toMatchObject({
      phase: 'JOB_PHASE_FAILED',
      errorCode: 'non_finite',
      reason: expect.stringMatching(/^step 1: the gradient is not finite \(norm Infinity, loss 1\); the same job would fail again: lower training.learningRate/),
    });
  });

  it('such as a failure of the last one ends the job with its code and words', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('doomed'));
    await trainer.start();
    trainer.send({ failed: { job: 'doomed', code: 'storage_full', message: 'no space for shards' } });
    const job = await cluster.ended('doomed');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'storage_full' });
    expect(job.reason).toContain('trainer "solo" (t1) failed: no space for shards');
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
    expect((await trainers[0].run()).subtrees).toEqual([{ first: 0, leaves: 4 }]);
  });
});
