import { createHash } from 'node:crypto';
import { parseJobSpec } from '@langevin/contracts';
import { pull } from '@langevin/collectives';
import { ddpmProcess, scheduleIdentity } from '@langevin/diffusion-core';
import { readCheckpoint } from '@langevin/registry';
import { ExchangingTrainer } from './testing/exchanging-trainer.js';
import { finished, leafValues, parameterCount, treeSum } from './testing/leaf-values.js';
import { digestAfter } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator } from './testing/test-coordinator.js';

const length = parameterCount(dotsJob('any'));
const files = { weights: 'w', ema: 'e', optimizer: 'o' };
const sha256 = (content: string | Float32Array): string => createHash('sha256').update(content).digest('hex');

describe('a coordinator', () => {
  it('leads one trainer through a whole job and stores its state', async () => {
    await using cluster = await startTestCoordinator();
    const spec = dotsJob('whole', { training: { steps: 2, virtualWorkers: 4, microBatch: 1, clipNorm: 0.5, learningRate: 0.25, warmupSteps: 2 }, checkpoints: { everySteps: 2 } });
    const trainer = await cluster.trainer('solo');
    expect(await trainer.next('welcome')).toEqual({ trainerId: 't1', heartbeatMs: 250, cluster: 'a-cluster', term: '1' });
    await cluster.submit(spec);
    const start = await trainer.start({ cpu: 'scripted', canary: 'c' });
    expect(parseJobSpec(JSON.parse(start.specJson))).toEqual(parseJobSpec(spec));
    expect(start).toMatchObject({ job: 'whole', step: '0', resumeFrom: [] });
    const manifest = await pull(cluster.transfer, start.dataset?.digest ?? '', { size: Number(start.dataset?.size) });
    expect(JSON.parse(Buffer.from(manifest).toString())).toEqual(cluster.dataset.manifest);

    const first = await trainer.run();
    expect(first).toMatchObject({ job: 'whole', step: 1, chain: '', isNewPlan: true, subtrees: [{ first: 0, leaves: 4 }], learningRate: 0.125 });
    expect(first.plan).toEqual({ shares: [{ owner: 't1', subtrees: [{ first: 0, leaves: 4 }] }], chunks: [{ owner: 't1', firstBlock: 0, blocks: 1 }] });
    expect(first.members).toMatchObject([{ id: 't1', name: 'solo', incarnation: trainer.incarnation }]);
    const one = trainer.prepare(first, { loss: 3 });
    expect(await trainer.next('commit')).toEqual({ job: 'whole', step: '1', digest: one });

    const second = await trainer.run();
    expect(second).toMatchObject({ step: 2, chain: one, isNewPlan: false, generation: first.generation, learningRate: 0.25 });
    const two = trainer.prepare(second);
    expect(two).toBe(digestAfter(one, 2));
    expect(await trainer.next('commit')).toEqual({ job: 'whole', step: '2', digest: two });
    await trainer.report(files);
    expect(await trainer.next('stopJob')).toMatchObject({ job: 'whole' });

    const checkpoint = await readCheckpoint(cluster.store, 'whole', 'latest');
    expect(checkpoint.manifest).toEqual({
      schemaVersion: 1,
      kind: 'checkpoint',
      run: 'whole',
      step: 2,
      // The second of two steps of 4 holds the last 2 of 6 samples.
      samplesSeen: 6,
      loss: 1,
      guidanceRole: 'denoiser',
      metrics: {},
      spec: parseJobSpec(spec),
      scheduleDigest: sha256(scheduleIdentity(ddpmProcess(parseJobSpec(spec).process))),
      datasetDigest: cluster.dataset.digest,
      numericsClass: { cpu: 'scripted', canary: 'c' },
      files: Object.entries(files).map(([role, text]) => ({ path: `${role}.safetensors`, role, digest: sha256(text), size: 1 })),
    });
    expect(Object.fromEntries([...checkpoint.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))).toEqual({
      'weights.safetensors': 'w',
      'ema.safetensors': 'e',
      'optimizer.safetensors': 'o',
    });
    expect(await cluster.ended('whole')).toMatchObject({
      phase: 'JOB_PHASE_SUCCEEDED',
      step: '2',
      totalSteps: '2',
      loss: 1,
      checkpoints: '1',
      lastCheckpoint: checkpoint.digest,
      weightsSha256: sha256('w'),
      trainers: ['solo'],
      startedAtStep: '0',
      errorCode: '',
    });
  });

  describe.each(['peers', 'coordinator'])('with exchange: %s', (exchange) => {
    it.each([1, 2, 3, 4])('gives %i trainers the bits of one reducer', async (count) => {
      await using cluster = await startTestCoordinator();
      const trainers: ExchangingTrainer[] = [];
      for (let index = 0; index < count; index++) trainers.push(await ExchangingTrainer.attach(cluster, `n${index}`));
      await cluster.submit(dotsJob('shared', { training: { steps: 2, clipNorm: 2 }, checkpoints: { everySteps: 2 }, trainers: { min: count }, exchange }));
      await Promise.all(trainers.map((trainer) => trainer.start()));
      for (const [step, salt] of [[1, 0], [2, 5]] as const) {
        const leafOf = (index: number): Float32Array => leafValues(length, index, salt);
        const expected = finished(treeSum(0, 4, leafOf), 7, 2);
        const steps = await Promise.all(trainers.map((trainer) => trainer.prepare(leafOf, 7 / 4)));
        for (const { run, gradient, norm, loss } of steps) {
          expect(run.step).toBe(step);
          expect(gradient).toEqual(expected.gradient);
          expect(norm).toBeCloseTo(expected.norm, 5);
          expect(loss).toBe(1);
        }
        const ids = exchange === 'coordinator' ? ['coordinator'] : trainers.map(({ trainer }) => trainer.id);
        for (const { owner } of steps[0]!.run.plan.chunks) expect(ids).toContain(owner);
        // Nobody computes a leaf twice, and none is left out.
        const leaves = steps.flatMap(({ run }) => run.subtrees.flatMap((subtree) => Array.from({ length: subtree.leaves }, (_, index) => subtree.first + index)));
        expect(leaves.sort()).toEqual([0, 1, 2, 3]);
        await Promise.all(trainers.map((trainer) => trainer.commit()));
      }
      await Promise.all(trainers.map(({ trainer }) => trainer.report(files)));
      expect(await cluster.ended('shared')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: trainers.map(({ trainer }) => trainer.name) });
      expect((await readCheckpoint(cluster.store, 'shared', 2)).files.size).toBe(3);
      expect(trainers.flatMap(({ troubles }) => troubles)).toEqual([]);
    });
  });

  it('runs two jobs one after the other', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('one'));
    expect(await cluster.submit(dotsJob('two'))).toMatchObject({ phase: 'JOB_PHASE_QUEUED', reason: 'waiting: job "one" is starting' });
    for (const name of ['one', 'two']) {
      expect((await trainer.start()).job).toBe(name);
      await trainer.step();
      await trainer.report(files);
      expect((await trainer.next('stopJob')).job).toBe(name);
    }
    expect((await cluster.jobs.list({})).jobs.map(({ id, phase }) => [id, phase])).toEqual([
      ['one', 'JOB_PHASE_SUCCEEDED'],
      ['two', 'JOB_PHASE_SUCCEEDED'],
    ]);
  });

  it('stores a checkpoint while the next step goes on', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('two-steps', { training: { steps: 2 } }));
    await trainer.start();
    await trainer.step();
    await trainer.report({ ...files, weights: 'after 1' });
    await trainer.step();
    await trainer.report({ ...files, weights: 'after 2' });
    expect(await cluster.ended('two-steps')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', checkpoints: '2', weightsSha256: sha256('after 2') });
    expect((await readCheckpoint(cluster.store, 'two-steps', 1)).files.get('weights.safetensors')).toEqual(new Uint8Array(Buffer.from('after 1')));
  });

  it('tells its trainers that it shuts down', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.stop();
    expect(await trainer.ended).toMatchObject({ code: 'unavailable', message: 'the coordinator is shutting down' });
  });
});
