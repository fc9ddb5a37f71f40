import { createHash } from 'node:crypto';
import { parseJobSpec } from '@langevin/contracts';
import { pull } from '@langevin/collectives';
import { ddpmProcess, scheduleIdentity } from '@langevin/diffusion-core';
import { readCheckpoint } from '@langevin/registry';
import { finished, leafValues, parameterCount, treeSum } from './testing/leaf-values.js';
import { dotsJob, startTestCoordinator } from './testing/test-coordinator.js';

const length = parameterCount(dotsJob('any'));
const leaf = (index: number): Float32Array => leafValues(length, index);
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

    const first = await trainer.next('runStep');
    expect(first).toMatchObject({ job: 'whole', step: '1', subtrees: [{ first: 0, leaves: 4 }], learningRate: 0.125 });
    trainer.publish(first, leaf, 7 / 4);
    const expected = finished(treeSum(0, 4, leaf), 7, 0.5);
    expect(expected.norm).toBeGreaterThan(0.5);
    expect(await trainer.prepare(await trainer.next('resultReady'))).toEqual(expected.gradient);
    expect(await trainer.next('commit')).toEqual({ job: 'whole', step: '1' });

    const second = await trainer.next('runStep');
    expect(second).toMatchObject({ step: '2', generation: first.generation, learningRate: 0.25 });
    trainer.publish(second, leaf, 3 / 4);
    await trainer.prepare(await trainer.next('resultReady'));
    expect(await trainer.next('commit')).toEqual({ job: 'whole', step: '2' });
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

  it.each([2, 3, 4])('gives %i trainers the bits that one trainer gets', async (count) => {
    await using cluster = await startTestCoordinator();
    const trainers = await Promise.all(Array.from({ length: count }, (_, index) => cluster.trainer(`t${index}`)));
    for (const trainer of trainers) await trainer.next('welcome');
    await cluster.submit(dotsJob('shared', { training: { clipNorm: 2 }, trainers: { min: count } }));
    await Promise.all(trainers.map((trainer) => trainer.start()));
    // The last trainer publishes first: the order of arrival must not enter.
    const steps = await Promise.all(trainers.map((trainer) => trainer.next('runStep')));
    for (const [index, step] of [...steps.entries()].reverse()) trainers[index]!.publish(step, leaf);
    const results = await Promise.all(trainers.map(async (trainer) => trainer.prepare(await trainer.next('resultReady'))));
    const { gradient } = finished(treeSum(0, 4, leaf), 4, 2);
    for (const result of results) expect(result).toEqual(gradient);
    await Promise.all(trainers.map((trainer) => trainer.next('commit')));
    await Promise.all(trainers.map((trainer) => trainer.report(files)));
    expect(await cluster.ended('shared')).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', trainers: trainers.map((trainer) => trainer.name) });
    expect((await readCheckpoint(cluster.store, 'shared', 1)).files.size).toBe(3);
  });

  it('runs two jobs one after the other', async () => {
    await using cluster = await startTestCoordinator();
    const trainer = await cluster.trainer('solo');
    await trainer.next('welcome');
    await cluster.submit(dotsJob('one'));
    expect(await cluster.submit(dotsJob('two'))).toMatchObject({ phase: 'JOB_PHASE_QUEUED', reason: 'waiting: job "one" is starting' });
    for (const name of ['one', 'two']) {
      expect((await trainer.start()).job).toBe(name);
      await trainer.step(leaf);
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
    await trainer.step(leaf);
    await trainer.report({ ...files, weights: 'after 1' });
    await trainer.step(leaf);
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
