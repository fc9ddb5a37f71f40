import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CheckpointInfo, ModelDetail, ModelSummary, Page, SampleMatrix } from '@langevin/contracts/api';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { HttpClient } from '../testing/http-client.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from '../testing/test-coordinator.js';


function start({ path }: TemporaryFolder): Promise<TestCoordinator> {
  const sampler = { module: join(__dirname, '../testing/drawing-sampler.cjs'), env: {}, output: join(path, 'sampler.log') };
  return startTestCoordinator({ folder: path, newId: randomUUID, http: { port: 0, recipes: path, metrics: join(path, 'metrics'), matrices: true, sampler } });
}

/** Checkpoints of steps 2 and 4 with pictures: versions 1 and 2 of model `both`, of which `old` is 1 and `new` is 2; 4 is also all of `other`. */
async function fill(folder: TemporaryFolder): Promise<void> {
  await using coordinator = await start(folder);
  const http = new HttpClient(coordinator.url);
  const events = await http.events();
  const trainer = await coordinator.trainer('solo');
  await trainer.next('welcome');
  await coordinator.submit(dotsJob('dots', { training: { steps: 4, virtualWorkers: 4, microBatch: 1 }, checkpoints: { everySteps: 2 } }));
  await trainer.start();
  for (const step of [1, 2, 3, 4]) {
    await trainer.step();
    if (step % 2 > 0) continue;
    await trainer.report({ weights: `w${step}`, ema: `e${step}`, optimizer: `o${step}` });
    await events.until('samples', (data: { step: number }) => data.step === step);
  }
  events.close();
  const { items } = await http.json<Page<CheckpointInfo>>('/runs/dots/checkpoints');
  for (const [index, { digest }] of items.toReversed().entries()) {
    await http.json('/models/both/versions', { method: 'POST', body: { checkpoint: digest } });
    await http.json(`/models/both/aliases/${index === 0 ? 'old' : 'new'}`, { method: 'PUT', body: { version: index + 1 } });
  }
  await http.json('/models/other/versions', { method: 'POST', body: { checkpoint: items[0]!.digest } });
}

describe('a damaged document', () => {
  it('is left out of what the API lists and named in the log once; the rest is there', async () => {
    await using folder = await temporaryFolder();
    await fill(folder);
    await using coordinator = await start(folder);
    const http = new HttpClient(coordinator.url);
    const damage = (key: string): Promise<unknown> => coordinator.store.put(key, Buffer.from('{'));
    const checkpoints = async () => (await http.json<Page<CheckpointInfo>>('/runs/dots/checkpoints')).items.map(({ step, versions }) => [step, ...versions.map(({ model, version, aliases }) => `${model}:${version} ${aliases.join()}`)]);
    const models = async () => (await http.json<Page<ModelSummary>>('/models')).items.map(({ name, latest, aliases }) => [name, latest, aliases]);
    expect(await checkpoints()).toEqual([[4, 'both:2 new', 'other:1 '], [2, 'both:1 old']]);
    expect(coordinator.log.filter((line) => line.includes('left out'))).toEqual([]);

    await damage('v1/models/both/versions/000002.json');
    await damage('v1/models/both/aliases/old/00000001.json');
    expect(await checkpoints()).toEqual([[4, 'other:1 '], [2, 'both:1 ']]);
    expect(await models()).toEqual([['both', 1, { new: 2 }], ['other', 1, {}]]);
    await damage('v1/models/other/versions/000001.json');
    expect(await models()).toEqual([['both', 1, { new: 2 }]]);
    await expect(http.json('/models/other')).rejects.toMatchObject({ code: 'object_corrupt', message: expect.stringContaining('every version of model "other"') });

    await damage('v1/runs/dots/samples/000000000004.json');
    expect(await http.json<SampleMatrix>('/runs/dots/samples')).toMatchObject({ columns: 8, steps: [{ step: 2 }, { step: 4 }] });
    const named = coordinator.log.filter((line) => line.includes('left out'));
    expect(named.map((line) => /v1\/\S+\.json/.exec(line)?.[0]).filter((key) => key !== undefined)).toEqual([
      'v1/models/both/aliases/old/00000001.json',
      'v1/models/both/versions/000002.json',
      'v1/models/other/versions/000001.json',
      'v1/runs/dots/samples/000000000004.json',
    ]);
  });

  it('leaves the model and the run that it is of', async () => {
    await using folder = await temporaryFolder();
    await fill(folder);
    await using coordinator = await start(folder);
    const http = new HttpClient(coordinator.url);
    await coordinator.store.put('v1/models/both/versions/000001.json', Buffer.from('{'));
    await coordinator.store.put('v1/runs/dots/ckpt/000000000002.json', Buffer.from('{'));
    expect((await http.json<ModelDetail>('/models/both')).versions.map(({ version }) => version)).toEqual([2]);
    expect((await http.json<Page<CheckpointInfo>>('/runs/dots/checkpoints')).items.map(({ step }) => step)).toEqual([4]);
    expect(await http.json<SampleMatrix>('/runs/dots/samples')).toMatchObject({ steps: [{ step: 4 }] });
    expect(await http.json('/runs')).toMatchObject({ items: [{ name: 'dots', lastCheckpointStep: 4 }] });
  });
});
