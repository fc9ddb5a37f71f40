import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpoints, type CheckpointInfo, type Endpoint, type ManyMetrics, type ModelDetail, type NodeInfo, type Page, type RunDetail, type RunEvent, type RunMetrics, type RunSummary, type SampleJob, type SampleMatrix } from '@langevin/contracts/api';
import { roundedMetrics } from '@langevin/http-api';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { HttpClient } from '../testing/http-client.js';
import type { ScriptedTrainer } from '../testing/scripted-trainer.js';
import { dotsJob, startTestCoordinator, type TestCoordinator } from '../testing/test-coordinator.js';

const files = { weights: 'w', ema: 'e', optimizer: 'o' };
/** Twenty steps with a checkpoint after every second one. */
const job = (name: string, steps = 20) => dotsJob(name, { training: { steps, virtualWorkers: 4, microBatch: 1 }, checkpoints: { everySteps: 2 } });

interface Cluster extends AsyncDisposable {
  readonly coordinator: TestCoordinator;
  readonly http: HttpClient;
}

async function start(folder: TemporaryFolder, samples = false): Promise<Cluster> {
  let seconds = 0;
  const recipes = join(folder.path, 'recipes');
  mkdirSync(recipes, { recursive: true });
  writeFileSync(join(recipes, 'dots.yaml'), 'name: dots\n');
  const coordinator = await startTestCoordinator({
    folder: folder.path,
    now: () => new Date(Date.UTC(2026, 10, 24) + 1000 * (seconds += 1)),
    newId: randomUUID,
    http: {
      port: 0,
      recipes,
      metrics: join(folder.path, 'metrics'),
      matrices: samples,
      ...(samples && { sampler: { module: join(__dirname, '../testing/drawing-sampler.cjs'), env: {}, output: join(folder.path, 'sampler.log') } }),
    },
  });
  return { coordinator, http: new HttpClient(coordinator.url), [Symbol.asyncDispose]: () => coordinator[Symbol.asyncDispose]() };
}

/** Takes part in a job and commits `steps` of it, with a state after every second one. */
async function train(trainer: ScriptedTrainer, steps: number): Promise<void> {
  for (let step = 1; step <= steps; step += 1) {
    await trainer.step();
    if (step % 2 === 0) await trainer.report({ ...files, weights: `after ${step}` });
  }
}

async function curve(http: HttpClient, run: string): Promise<number[]> {
  const { keys } = await http.json<RunMetrics>(`/runs/${run}/metrics?keys=loss,learningRate&buckets=10000`);
  expect(keys.learningRate?.x).toEqual(keys.loss?.x);
  return keys.loss?.x ?? [];
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the HTTP API of a coordinator', () => {
  it('shows a run from its submission to its end, and tells of it as it happens', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await start(folder);
    const { http, coordinator } = cluster;
    const trainer = await coordinator.trainer('solo', { numerics: { backend: 'scripted', cpuModel: 'paper' } });
    const events = await http.events();
    expect(await http.json('/jobs', { method: 'POST', body: { spec: job('whole', 4) } })).toMatchObject({ name: 'whole', phase: 'starting', step: 0, totalSteps: 4, loss: null, dataset: 'dots' });
    expect(await http.json('/nodes')).toMatchObject({ items: [{ name: 'solo', state: 'preparing', backend: 'scripted', cpuModel: 'paper', threads: 0, job: 'whole', stepMs: null }] });
    await trainer.next('welcome');
    await trainer.start();
    await trainer.step();
    const { items: nodes } = await http.json<Page<NodeInfo>>('/nodes');
    expect(nodes).toMatchObject([{ virtualWorkers: 4 }]);
    expect(await http.json<RunSummary>('/runs/whole')).toMatchObject({ phase: 'running', step: 1, loss: 1, trainers: ['solo'], weightsSha256: null });
    await trainer.step();
    await trainer.report({ ...files, weights: 'after 2' });
    expect(await events.until('checkpoint')).toMatchObject({ run: 'whole', checkpoint: { step: 2, versions: [] } });
    await train(trainer, 2);
    await coordinator.ended('whole');
    expect(await events.until('run', ({ phase }: RunSummary) => phase === 'succeeded')).toMatchObject({ name: 'whole', step: 4, checkpoints: 2, lastCheckpointStep: 4 });
    events.close();

    expect(await curve(http, 'whole')).toEqual([1, 2, 3, 4]);
    const { runs } = await http.json<ManyMetrics>('/metrics?runs=whole,nowhere&keys=loss,learningRate');
    const alone = await http.json<RunMetrics>('/runs/whole/metrics?keys=loss,learningRate');
    expect(Object.keys(runs)).toEqual(['whole']);
    expect(runs['whole']).toEqual(roundedMetrics(alone));
    expect(runs['whole']).not.toEqual(alone);
    const { items } = await http.json<Page<RunEvent>>('/runs/whole/events');
    expect(items.map(({ kind, step }) => [kind, step])).toEqual([['started', 0], ['checkpoint', 2], ['checkpoint', 4], ['succeeded', 4]]);
    const detail = await http.json<RunDetail>('/runs/whole');
    expect(detail).toMatchObject({ attempts: [{ attempt: 1, fromStep: 0 }], numericsClass: { canary: 'c' }, spec: { name: 'whole' } });
    const page = await http.json<Page<CheckpointInfo>>('/runs/whole/checkpoints?limit=1');
    expect(page.items.map(({ step }) => step)).toEqual([4]);
    expect(page.items[0]?.files.find(({ role }) => role === 'weights')?.digest).toBe(detail.weightsSha256);
    const rest = await http.json<Page<CheckpointInfo>>(`/runs/whole/checkpoints?limit=1&cursor=${page.nextCursor}`);
    expect(rest).toMatchObject({ items: [{ step: 2, bytes: 9 }] });
    expect(rest.nextCursor).toBeUndefined();
    await expect(http.json('/runs/whole/checkpoints?cursor=rubbish')).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('keeps one curve without gaps and doubles over a stop, a resume, and another coordinator', async () => {
    await using folder = await temporaryFolder();
    {
      await using cluster = await start(folder);
      const trainer = await cluster.coordinator.trainer('solo');
      await trainer.next('welcome');
      await cluster.http.json('/jobs', { method: 'POST', body: { spec: job('long', 8) } });
      const events = await cluster.http.events();
      await trainer.start();
      await train(trainer, 3);
      await events.until('checkpoint');
      events.close();
      expect(await curve(cluster.http, 'long')).toEqual(range(1, 3));
    }
    // The next one knows the run from the store alone.
    for (const memory of ['journal', 'store/v1/coordinator']) rmSync(join(folder.path, memory), { recursive: true });
    await using cluster = await start(folder);
    const { http, coordinator } = cluster;
    expect(await curve(http, 'long')).toEqual(range(1, 3));
    expect(await http.json('/runs?q=lon&phase=stopped')).toMatchObject({ items: [{ name: 'long', phase: 'stopped', step: 3, lastCheckpointStep: 2, reason: expect.stringContaining('resume it from step 2') }] });
    const trainer = await coordinator.trainer('solo');
    await trainer.next('welcome');
    expect(await http.json('/runs/long/resume', { method: 'POST', body: {} })).toMatchObject({ phase: 'starting', step: 2 });
    await trainer.start();
    const events = await http.events();
    await trainer.step();
    expect(await curve(http, 'long')).toEqual(range(1, 3));
    await trainer.step();
    await trainer.report({ ...files, weights: 'after 4' });
    await events.until('checkpoint');
    events.close();
    await trainer.run();
    expect(await curve(http, 'long')).toEqual(range(1, 4));
    await http.json('/runs/long/cancel', { method: 'POST' });
    const { items } = await http.json<Page<RunEvent>>('/runs/long/events');
    expect(items.map(({ kind, step }) => [kind, step])).toEqual([['started', 0], ['checkpoint', 2], ['trainer-lost', 3], ['paused', 3], ['resumed', 2], ['checkpoint', 4], ['cancelled', 4]]);
    expect(items.map(({ seq }) => seq)).toEqual([...items.map(({ seq }) => seq)].sort((a, b) => a - b));
    await expect(http.json('/runs/nowhere')).rejects.toMatchObject({ code: 'run_unknown', message: expect.stringContaining('long') });
    await expect(http.json('/runs/nowhere/metrics')).rejects.toMatchObject({ code: 'run_unknown' });
  });

  it('keeps one curve without gaps and doubles over a coordinator that is started again, with and without the state of its trainer', async () => {
    await using folder = await temporaryFolder();
    let solo: ScriptedTrainer;
    let chain = '';
    {
      await using cluster = await start(folder);
      solo = await cluster.coordinator.trainer('solo');
      await solo.next('welcome');
      await cluster.coordinator.submit(job('long', 8));
      await solo.start();
      await train(solo, 2);
      await cluster.coordinator.until('long', ({ checkpoints }) => checkpoints === '1');
      chain = await solo.step();
      await cluster.coordinator.stop();
    }
    {
      await using cluster = await start(folder);
      expect(await cluster.http.json('/runs/long')).toMatchObject({ phase: 'running', step: 3, reason: 'waiting for "solo" to come back: the coordinator was away' });
      solo = await cluster.coordinator.trainer('solo', { incarnation: solo.incarnation, holds: { job: 'long', step: 3, chain, loss: 1 } });
      await solo.next('welcome');
      await solo.step();
      await solo.report(files);
      await solo.step();
      await solo.run();
      await cluster.coordinator.until('long', ({ checkpoints }) => checkpoints === '2');
      expect(await curve(cluster.http, 'long')).toEqual(range(1, 5));
      await cluster.coordinator.stop();
    }
    await using cluster = await start(folder);
    const { http, coordinator } = cluster;
    const anew = await coordinator.trainer('solo');
    await anew.until('stopJob');
    expect((await anew.start()).step).toBe('4');
    // Step 5 is done once more, and shown once.
    await anew.step();
    await anew.step();
    await anew.report(files);
    await anew.run();
    expect(await curve(http, 'long')).toEqual(range(1, 6));
  });

  it('registers a checkpoint, promotes it, takes it back, forks it, and gives its files', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await start(folder);
    const { http, coordinator } = cluster;
    const trainer = await coordinator.trainer('solo');
    await trainer.next('welcome');
    await coordinator.submit(job('digits', 4));
    await trainer.start();
    await train(trainer, 4);
    await coordinator.ended('digits');
    const { items: [newest, older] } = await http.json<Page<CheckpointInfo>>('/runs/digits/checkpoints');
    const events = await http.events();
    for (const [index, checkpoint] of [older!, newest!].entries()) {
      expect(await http.json('/models/digits/versions', { method: 'POST', body: { checkpoint: checkpoint.digest, note: 'fine' } })).toMatchObject({ version: index + 1, step: checkpoint.step });
      await http.json('/models/digits/aliases/production', { method: 'PUT', body: { version: index + 1, ifCurrent: index || null, reason: 'tried' } });
    }
    expect(await events.until('model')).toEqual({ name: 'digits' });
    events.close();
    await expect(http.json('/models/digits/aliases/production', { method: 'PUT', body: { version: 1, ifCurrent: 1 } })).rejects.toMatchObject({ code: 'alias_moved' });
    expect(await http.json('/models')).toMatchObject({ items: [{ name: 'digits', versions: 2, latest: 2, aliases: { production: 2 } }] });
    expect(await http.json(`/checkpoints/${newest!.digest}`)).toMatchObject({ versions: [{ model: 'digits', version: 2, aliases: ['production'] }] });
    const back = await http.json<ModelDetail>('/models/digits/aliases/production/rollback', { method: 'POST', body: { reason: 'worse' } });
    expect(back).toMatchObject({ aliases: [{ alias: 'production', version: 1, generation: 3 }], events: [{ action: 'rollback', from: 2, to: 1, reason: 'worse' }, {}, {}] });
    expect(back.versions.map(({ version }) => version)).toEqual([2, 1]);

    const download = await http.send(`/checkpoints/${newest!.digest}/files/weights.safetensors`);
    expect([await download.text(), download.headers.get('content-disposition')]).toEqual(['after 4', 'attachment; filename="digits-4-weights.safetensors"']);
    for (const path of ['..%2f..%2ftoken', '%2fetc%2fpasswd', 'run.json', 'weights.safetensors%00']) {
      await expect(http.json(`/checkpoints/${newest!.digest}/files/${path}`)).rejects.toMatchObject({ code: 'object_missing' });
    }
    // A blob that is no manifest, and a digest of nothing.
    for (const digest of [newest!.files[0]!.digest, '0'.repeat(64)]) await expect(http.json(`/checkpoints/${digest}`)).rejects.toMatchObject({ code: 'checkpoint_missing' });
    expect(await http.json(`/checkpoints/${newest!.digest}/verify`, { method: 'POST' })).toEqual({ ok: true, problems: [] });
    const { digest } = newest!.files.find(({ role }) => role === 'weights')!;
    await coordinator.store.put(`v1/blobs/sha256/${digest.slice(0, 2)}/${digest}`, Buffer.from('AFTER 4'));
    expect(await http.json(`/checkpoints/${newest!.digest}/verify`, { method: 'POST' })).toEqual({ ok: false, problems: [expect.stringContaining('weights.safetensors')] });

    expect(await http.json('/runs/digits/fork', { method: 'POST', body: { name: 'branch', from: '2', set: ['training.steps=6'] } })).toMatchObject({ name: 'branch', step: 2, totalSteps: 6, forkOf: older!.digest });
    await expect(http.json('/runs/digits/fork', { method: 'POST', body: { name: 'other', set: ['name=x'] } })).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('checks a job for people, gives recipes, and refuses what cannot be', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await start(folder);
    const { http } = cluster;
    expect(await http.json('/recipes')).toEqual({ items: [{ name: 'dots', yaml: 'name: dots\n' }] });
    expect(await http.json('/jobs/validate', { method: 'POST', body: { yaml: JSON.stringify(job('fine')) } })).toMatchObject({ ok: true, spec: { name: 'fine', training: { steps: 20 } } });
    const wrong = JSON.stringify({ ...job('Wrong'), training: { steps: 0, virtualWorkers: 4 } });
    expect(await http.json('/jobs/validate', { method: 'POST', body: { yaml: wrong } })).toEqual({
      ok: false,
      problems: [
        { path: 'name', reason: expect.stringContaining('must be 1–64') },
        { path: 'training.steps', reason: expect.stringContaining('>=1') },
      ],
    });
    expect(await http.json('/jobs/validate', { method: 'POST', body: { yaml: 'a: [' } })).toMatchObject({ ok: false, problems: [{ path: '', reason: expect.stringContaining('not YAML') }] });
    const validate = (spec: object) => http.json('/jobs/validate', { method: 'POST', body: { yaml: JSON.stringify(spec) } });
    expect(await validate({ ...job('fine'), dataset: { name: 'dashes' } })).toEqual({ ok: false, problems: [{ path: 'dataset.name', reason: 'there is no dataset "dashes"; there is dots, mnist-digits' }] });
    expect(await validate({ ...dotsJob('fine', { model: { sample_size: 8 } }) })).toMatchObject({ ok: false, problems: [{ path: 'model', reason: expect.stringMatching(/^model.sample_size 8 .* does not fit/) }] });
    await expect(http.json('/runs/fine')).rejects.toMatchObject({ code: 'run_unknown' });
    await expect(http.json('/jobs', { method: 'POST', body: { yaml: 'a: [' } })).rejects.toMatchObject({ code: 'invalid_spec' });
    await http.json('/jobs', { method: 'POST', body: { spec: job('twice') } });
    expect(await http.json('/jobs', { method: 'POST', body: { spec: job('twice') } })).toMatchObject({ name: 'twice', phase: 'queued' });
    await expect(http.json('/jobs', { method: 'POST', body: { spec: job('twice', 10) } })).rejects.toMatchObject({ code: 'job_conflict' });
    expect(await validate(job('twice'))).toEqual({ ok: false, problems: [{ path: 'name', reason: 'a job "twice" is queued already: choose another name' }] });
    await expect(http.json('/samples', { method: 'POST', body: { run: 'twice', labels: [1], guidanceScale: 1, sampler: 'ddim', steps: 2, seed: 0 } })).rejects.toMatchObject({ code: 'checkpoint_missing' });
    expect(await http.json('/system')).toMatchObject({ version: '1.2.3', readOnly: false });
  });

  it('says of a job whose run is there that it goes on, is done already, or is another one', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await start(folder);
    const { http, coordinator } = cluster;
    const validate = (spec: object) => http.json('/jobs/validate', { method: 'POST', body: { yaml: JSON.stringify(spec) } });
    const trainer = await coordinator.trainer('solo');
    await trainer.next('welcome');
    await coordinator.submit(job('digits', 4));
    await trainer.start();
    const events = await http.events();
    await train(trainer, 2);
    await events.until('checkpoint');
    await trainer.run();
    await http.json('/runs/digits/cancel', { method: 'POST' });
    expect(await validate(job('digits', 4))).toMatchObject({ ok: true, continuesFrom: 2 });
    expect(await validate(job('digits', 5))).toMatchObject({ ok: false, problems: [{ path: 'name', reason: expect.stringContaining('spec.training.steps is 4 there, 5 here') }] });
    await trainer.next('stopJob');
    await coordinator.submit(job('digits', 4));
    await trainer.start();
    await train(trainer, 2);
    await events.until('checkpoint', ({ checkpoint }: { checkpoint: CheckpointInfo }) => checkpoint.step === 4);
    await coordinator.ended('digits');
    events.close();
    expect(await validate(job('digits', 4))).toEqual({ ok: false, problems: [{ path: 'name', reason: 'run "digits" has all its 4 steps already: choose another name to train once more' }] });
  });

  it('draws every checkpoint with the same labels and noise, what people ask for first, and lets them cancel', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await start(folder, true);
    const { http, coordinator } = cluster;
    const trainer = await coordinator.trainer('solo');
    await trainer.next('welcome');
    const events = await http.events();
    await coordinator.submit(dotsJob('classes', { training: { steps: 4, virtualWorkers: 4, microBatch: 1, labelDropout: 0.1 }, checkpoints: { everySteps: 2 }, model: { num_class_embeds: 3 } }));
    await trainer.start();
    for (const step of [1, 2, 3, 4]) {
      await trainer.step();
      if (step % 2 === 0) await trainer.report({ ...files, weights: `after ${step}` });
    }
    type Drawing = Pick<SampleMatrix, 'drawing'> & { readonly run: string };
    await events.until('drawing', ({ drawing }: Drawing) => drawing.some(({ step, progress }) => step === 4 && progress === 0));
    await events.until('drawing', ({ drawing }: Drawing) => drawing.some(({ step, progress }) => step === 4 && progress === 0.5));
    await events.until('samples', ({ step }: { step: number }) => step === 4);
    expect(await events.until('drawing')).toMatchObject({ run: 'classes', drawing: [] });
    const matrix = await http.json<SampleMatrix>('/runs/classes/samples');
    expect(matrix).toMatchObject({ labels: [0, 1], columns: 4, imageShape: [4, 4, 1], guidanceScale: 3, drawing: [], drawsCheckpoints: true });
    expect(matrix.steps.map(({ step }) => step)).toContain(4);
    const picture = await http.send('/runs/classes/samples/4.png');
    expect([picture.headers.get('content-type'), picture.headers.get('cache-control')]).toEqual(['image/png', 'private, max-age=31536000, immutable']);
    expect(JSON.parse(await picture.text())).toMatchObject({ denoiser: { run: 'classes', step: 4 }, labels: [0, 0, 0, 0, 1, 1, 1, 1], sharedNoise: true, columns: 4, gap: 0, steps: 20, seed: 0 });
    await expect(http.json('/runs/classes/samples/3.png')).rejects.toMatchObject({ code: 'object_missing' });

    const request = { run: 'classes', labels: [1, 0], guidanceScale: 2, sampler: 'ddim', steps: 5 };
    const { id } = await http.json<SampleJob>('/samples', { method: 'POST', body: { ...request, seed: 1 } });
    expect(await events.until('sample', (each: SampleJob) => each.id === id && each.state === 'done')).toEqual({ id, state: 'done', progress: 1 });
    expect(JSON.parse(await (await http.send(`/samples/${id}.png`)).text())).toMatchObject({ labels: [1, 0], guidanceScale: 2, seed: 1, sharedNoise: false, gap: 2 });

    const { id: plain } = await http.json<SampleJob>('/samples', { method: 'POST', body: { run: 'classes', labels: [1], sampler: 'ddim', steps: 5, seed: 3 } });
    await events.until('sample', (each: SampleJob) => each.id === plain && each.state === 'done');
    expect(JSON.parse(await (await http.send(`/samples/${plain}.png`)).text())).not.toHaveProperty('guidanceScale');

    // A model without classes has neither labels nor guidance, whatever a form says.
    await trainer.next('stopJob');
    await coordinator.submit(job('flat', 2));
    await trainer.start();
    await train(trainer, 2);
    await events.until('checkpoint', ({ run }: { run: string }) => run === 'flat');
    const { id: flat } = await http.json<SampleJob>('/samples', { method: 'POST', body: { ...request, run: 'flat', seed: 4 } });
    await events.until('sample', (each: SampleJob) => each.id === flat && each.state === 'done');
    const drawn: unknown = JSON.parse(await (await http.send(`/samples/${flat}.png`)).text());
    expect(drawn).toMatchObject({ labels: null, count: 2 });
    expect(drawn).not.toHaveProperty('guidanceScale');

    const { id: slow } = await http.json<SampleJob>('/samples', { method: 'POST', body: { ...request, seed: 13 } });
    await events.until('sample', (each: SampleJob) => each.id === slow && each.progress === 0.5);
    await expect(http.json(`/samples/${slow}.png`)).rejects.toMatchObject({ code: 'object_missing', message: expect.stringContaining('running') });
    await http.json(`/samples/${slow}`, { method: 'DELETE' });
    await expect(http.json(`/samples/${slow}`)).rejects.toMatchObject({ code: 'object_missing' });

    const { id: fatal } = await http.json<SampleJob>('/samples', { method: 'POST', body: { ...request, seed: 14 } });
    expect(await events.until('sample', (each: SampleJob) => each.id === fatal && each.state === 'failed')).toMatchObject({ error: expect.stringContaining('the sampler ended') });
    const { id: next } = await http.json<SampleJob>('/samples', { method: 'POST', body: { ...request, seed: 2 } });
    await events.until('sample', (each: SampleJob) => each.id === next && each.state === 'done');
    events.close();
  });

  it('answers every endpoint with what the contract says', async () => {
    await using folder = await temporaryFolder();
    await using cluster = await start(folder);
    const { http, coordinator } = cluster;
    const trainer = await coordinator.trainer('solo');
    await trainer.next('welcome');
    await coordinator.submit(job('digits', 2));
    await trainer.start();
    await train(trainer, 2);
    await coordinator.ended('digits');
    const { items } = await http.json<Page<CheckpointInfo>>('/runs/digits/checkpoints');
    await http.json('/models/digits/versions', { method: 'POST', body: { checkpoint: items[0]!.digest } });
    const values: Readonly<Record<string, string>> = { run: 'digits', digest: items[0]!.digest, name: 'digits' };
    for (const [id, endpoint] of Object.entries<Endpoint>(endpoints)) {
      if (endpoint.method !== 'GET' || endpoint.reply.kind !== 'json' || id === 'getSamples') continue;
      const path = endpoint.path.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '');
      const json = await http.json(id === 'getMetrics' ? `${path}?runs=digits` : path);
      expect([id, endpoint.reply.schema.safeParse(json).error]).toEqual([id, undefined]);
    }
  });
});
