import { once } from 'node:events';
import { serverStreamHandler, type Chunk, type PullRequest__Output, type RunStep__Output } from '@langevin/rpc';
import { leafValues, parameterCount } from './testing/leaf-values.js';
import type { ScriptedHello, ScriptedTrainer } from './testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from './testing/test-coordinator.js';

const length = parameterCount(dotsJob('any'));
const leaf = (index: number): Float32Array => leafValues(length, index);
const files = { weights: 'w', ema: 'e', optimizer: 'o' };

/** One trainer that was told to compute the only step of the job `step`. */
async function oneAtStep(cluster: TestCoordinator, hello: Partial<ScriptedHello> = {}): Promise<{ trainer: ScriptedTrainer; run: RunStep__Output }> {
  const trainer = await cluster.trainer('solo', hello);
  await trainer.next('welcome');
  await cluster.submit(dotsJob('step'));
  await trainer.start();
  return { trainer, run: await trainer.next('runStep') };
}

/** That a trainer finishes another job. */
async function expectHealthy(cluster: TestCoordinator, trainer: ScriptedTrainer): Promise<void> {
  await trainer.next('stopJob');
  await cluster.submit(dotsJob('next'));
  await trainer.start();
  await trainer.step(leaf);
  await trainer.report(files);
  expect((await cluster.ended('next')).phase).toBe('JOB_PHASE_SUCCEEDED');
}

describe('a step', () => {
  it.each([
    ['NaN', Number.NaN, 'norm NaN'],
    ['infinite', Number.POSITIVE_INFINITY, 'norm Infinity'],
  ])('whose gradient is %s ends the job before anybody applies it', async (_, value, norm) => {
    await using cluster = await startTestCoordinator();
    const { trainer, run } = await oneAtStep(cluster);
    trainer.publish(run, (index) => leaf(index).fill(value, length - 1));
    expect((await trainer.next('stopJob')).reason).toContain('the gradient is not finite');
    const job = await cluster.ended('step');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'non_finite', step: '0' });
    expect(job.reason).toBe(
      `step 1: the gradient is not finite (${norm}, loss 1); the same job would fail again: lower training.learningRate or set training.clipNorm (there is no checkpoint)`,
    );
  });

  it('whose loss is not finite ends the job as well', async () => {
    await using cluster = await startTestCoordinator();
    const { trainer, run } = await oneAtStep(cluster);
    const content = trainer.hold(leaf(0));
    trainer.send({ partialReady: { ...run, subtree: run.subtrees[0]!, content, weightSum: 4, lossSum: Number.NaN } });
    expect(await cluster.ended('step')).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'non_finite' });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('whose weight is %d fails the job by the name of the trainer', async (weightSum) => {
    await using cluster = await startTestCoordinator();
    const { trainer, run } = await oneAtStep(cluster);
    trainer.send({ partialReady: { ...run, subtree: run.subtrees[0]!, content: trainer.hold(leaf(0)), weightSum, lossSum: 1 } });
    const job = await cluster.ended('step');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'invalid_argument' });
    expect(job.reason).toMatch(/trainer "solo" \(t1\) failed: .*weight/);
    await expectHealthy(cluster, trainer);
  });

  it.each([0, 3, 4, 2 ** 40])('whose partial sum has %i bytes fails the job by the name of the trainer', async (size) => {
    await using cluster = await startTestCoordinator();
    const { trainer, run } = await oneAtStep(cluster);
    const { digest } = trainer.hold(leaf(0));
    trainer.send({ partialReady: { ...run, subtree: run.subtrees[0]!, content: { digest, size }, weightSum: 4, lossSum: 4 } });
    const job = await cluster.ended('step');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'invalid_argument' });
    expect(job.reason).toContain(`trainer "solo" (t1) failed: the partial sum of leaf 0 has ${size} bytes, the model's gradient has ${length * 4}`);
    await expectHealthy(cluster, trainer);
  });

  it('whose partial sum the trainer does not hold fails the job', async () => {
    await using cluster = await startTestCoordinator();
    const { trainer, run } = await oneAtStep(cluster);
    const content = { digest: 'f'.repeat(64), size: length * 4 };
    trainer.send({ partialReady: { ...run, subtree: run.subtrees[0]!, content, weightSum: 4, lossSum: 4 } });
    const job = await cluster.ended('step');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'content_missing' });
    expect(job.reason).toContain(`trainer "solo" (t1) failed: content ${'f'.repeat(64)} is not, or no longer, held here`);
    await expectHealthy(cluster, trainer);
  });

  it('takes the partial sum of a subtree from its owner only, and once', async () => {
    await using cluster = await startTestCoordinator();
    const trainers = [await cluster.trainer('left'), await cluster.trainer('right')] as const;
    for (const trainer of trainers) await trainer.next('welcome');
    await cluster.submit(dotsJob('step', { trainers: { min: 2 } }));
    for (const trainer of trainers) await trainer.start();
    const [left, right] = trainers;
    const [run, other] = [await left.next('runStep'), await right.next('runStep')];
    const wrong = right.hold(new Float32Array(length).fill(3));
    right.send({ partialReady: { ...run, subtree: run.subtrees[0]!, content: wrong, weightSum: 2, lossSum: 2 } });
    right.send({ partialReady: { ...run, subtree: { first: 0, leaves: 4 }, content: wrong, weightSum: 4, lossSum: 4 } });
    right.publish(other, () => new Float32Array(length).fill(1));
    right.publish(other, () => new Float32Array(length).fill(2));
    left.publish(run, () => new Float32Array(length).fill(1));
    left.publish(run, () => new Float32Array(length).fill(2));
    const results = await Promise.all(trainers.map(async (trainer) => trainer.prepare(await trainer.next('resultReady'))));
    for (const result of results) expect([...new Set(result)]).toEqual([1]);
  });

  it('outlives a trainer that is lost while its partial sum is pulled', async () => {
    await using cluster = await startTestCoordinator();
    let pulled!: () => void;
    const pulling = new Promise<void>((resolve) => (pulled = resolve));
    // Sends the first bytes of what it was asked for, and never the rest.
    const serve = () => ({
      Pull: serverStreamHandler<PullRequest__Output, Chunk>(async (call) => {
        call.write({ data: Buffer.alloc(4), totalSize: length * 4, crc32: 0x2144df1c });
        pulled();
        await once(call, 'cancelled');
      }),
    });
    const { trainer, run } = await oneAtStep(cluster, { serve });
    trainer.publish(run, leaf);
    await pulling;
    trainer.vanish();
    expect(await cluster.ended('step')).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'trainer_lost' });
    await trainer[Symbol.asyncDispose]();
    const fresh = await cluster.trainer('fresh');
    await fresh.next('welcome');
    await cluster.submit(dotsJob('step'));
    await fresh.start();
    await fresh.step(leaf);
    await fresh.report(files);
    expect((await cluster.ended('step')).phase).toBe('JOB_PHASE_SUCCEEDED');
  });

  it('fails by the name of a trainer whose bytes break on the way', async () => {
    await using cluster = await startTestCoordinator();
    const serve = () => ({
      Pull: serverStreamHandler<PullRequest__Output, Chunk>(async (call) => void call.write({ data: Buffer.alloc(length * 4), totalSize: length * 4, crc32: 1 })),
    });
    const { trainer, run } = await oneAtStep(cluster, { serve });
    trainer.publish(run, leaf);
    const job = await cluster.ended('step');
    expect(job).toMatchObject({ phase: 'JOB_PHASE_FAILED', errorCode: 'object_corrupt' });
    expect(job.reason).toMatch(/trainer "solo" \(t1\) failed: content .* from trainer solo at .* has a wrong checksum/);
  });
});
