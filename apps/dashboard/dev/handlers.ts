import { LangevinError, parseJobSpecYaml } from '@langevin/contracts';
import type { JobValidation, MetricKey, RunMetrics, RunSummary } from '@langevin/contracts/api';
import { roundedMetrics } from '@langevin/http-api';
import type { ApiHandlers, FileAnswer } from '@langevin/http-api';
import { bucketed } from './curves.js';
import type { Stretch } from './curves.js';
import { checkpointOf, detailOf, nodesOf, summaryOf } from './describe.js';
import type { DigitImages } from './digit-images.js';
import { digestOf } from './digest.js';
import type { Life } from './life.js';
import { modelHandlers } from './model-handlers.js';
import { page } from './page.js';
import type { SampleDesk } from './sample-desk.js';
import { drawPicture } from './sample-picture.js';
import { checkpointDigest } from './world.js';
import type { World, WorldRun } from './world.js';

/** What the handlers work on. */
export interface HandlerContext {
  readonly world: World;
  readonly life: Life;
  readonly digits: DigitImages;
  readonly desk: SampleDesk;
  readonly recipes: readonly { readonly name: string; readonly yaml: string }[];
  /** Told when a model has changed. */
  readonly onModel: (name: string) => void;
}

const labels = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const columns = 4;

/** Answers every endpoint from a generated world. */
export function handlersOf(context: HandlerContext): ApiHandlers {
  return { ...readHandlers(context), ...checkpointHandlers(context), ...jobHandlers(context), ...modelHandlers(context), ...sampleHandlers(context) };
}

type Some<Ids extends keyof ApiHandlers> = Pick<ApiHandlers, Ids>;

/** Finds a run. @throws LangevinError `run_unknown` */
function findRun({ runs }: World, name: string): WorldRun {
  const run = runs.get(name);
  if (!run) throw new LangevinError('run_unknown', `run "${name}" is unknown`);
  return run;
}

function metricsOf(run: WorldRun, wanted: readonly MetricKey[], window: Stretch): RunMetrics {
  const keys: RunMetrics['keys'] = {};
  for (const key of wanted) keys[key] = bucketed(run.columns, run.step, key, window);
  return { x: window.x, keys, lastStep: run.step === 0 ? null : run.step };
}

function readHandlers({ world, life, recipes }: HandlerContext): Some<'getSystem' | 'listRuns' | 'getRun' | 'getRunMetrics' | 'getMetrics' | 'listRunEvents' | 'listNodes' | 'drainNode' | 'listRecipes'> {
  return {
    getSystem: async () => ({ version: '0.1.0', cluster: digestOf('cluster').slice(0, 12), store: 'generated', startedAt: new Date(world.nowMs).toISOString(), readOnly: false }),
    listRuns: async ({ query }) => page([...world.runs.values()].map(summaryOf), query),
    getRun: async ({ params }) => detailOf(findRun(world, params.run)),
    getRunMetrics: async ({ params, query }) => metricsOf(findRun(world, params.run), query.keys, query),
    getMetrics: async ({ query }) => {
      const known = query.runs.flatMap((name) => world.runs.get(name) ?? []);
      return { runs: Object.fromEntries(known.map((run) => [run.name, roundedMetrics(metricsOf(run, query.keys, query))])) };
    },
    listRunEvents: async ({ params, query }) => page(findRun(world, params.run).events, query),
    listNodes: async ({ query }) => page(nodesOf([...world.runs.values()].find(({ phase }) => phase === 'running')?.name ?? null, life.ticks, life.draining), query),
    drainNode: async ({ params: { name } }) => {
      if (!nodesOf(null, 0).some((node) => node.name === name)) throw new LangevinError('object_missing', `no trainer "${name}" is attached`);
      life.drain(name);
    },
    listRecipes: async ({ query }) => page([...recipes], query),
  };
}

function checkpointHandlers({ world, digits }: HandlerContext): Some<'listRunCheckpoints' | 'getCheckpoint' | 'verifyCheckpoint' | 'getCheckpointFile' | 'getRunSamples' | 'getRunSamplesImage'> {
  const find = (digest: string) => {
    for (const run of world.runs.values()) {
      const step = run.checkpointSteps.find((candidate) => checkpointDigest(run.name, candidate) === digest);
      if (step !== undefined) return { run, step };
    }
    throw new LangevinError('checkpoint_missing', `there is no checkpoint ${digest.slice(0, 12)}`);
  };
  return {
    listRunCheckpoints: async ({ params, query }) => {
      const run = findRun(world, params.run);
      return page(run.checkpointSteps.toReversed().map((step) => checkpointOf(world, run, step)), query);
    },
    getCheckpoint: async ({ params }) => {
      const { run, step } = find(params.digest);
      return checkpointOf(world, run, step);
    },
    verifyCheckpoint: async ({ params }) => {
      const { run, step } = find(params.digest);
      const damaged = run.phase === 'failed' && step === run.checkpointSteps.at(-1);
      return damaged ? { ok: false, problems: [`ema.safetensors: sha256 differs from the manifest's`] } : { ok: true, problems: [] };
    },
    getCheckpointFile: async ({ params }) => file(Buffer.from(`generated ${params.path}\n`), params.path.split('/').at(-1)),
    getRunSamples: async ({ params }) => {
      const run = findRun(world, params.run);
      const drawn = run.guidanceRole === 'denoiser' ? run.checkpointSteps.filter((step) => step !== run.drawing?.step) : [];
      const steps = drawn.map((step) => ({ step, digest: checkpointDigest(run.name, step) }));
      const some = steps.length > 0;
      return { labels: some ? labels : [], columns: some ? columns : 0, imageShape: [28, 28, 1], guidanceScale: 3, steps, drawing: run.drawing ? [run.drawing] : [], drawsCheckpoints: true };
    },
    getRunSamplesImage: async ({ params }) => {
      const run = findRun(world, params.run);
      const share = params.step / run.totalSteps;
      return { ...file(drawPicture(digits, { labels, columns, quality: 1 - Math.exp(-share * 4.5), seed: run.name.length })), isImmutable: true };
    },
  };
}

function file(body: Uint8Array, downloadAs?: string): FileAnswer {
  return { body, size: body.byteLength, isImmutable: false, ...(downloadAs !== undefined && { downloadAs }) };
}

function jobHandlers({ world, life }: HandlerContext): Some<'validateJob' | 'submitJob' | 'cancelRun' | 'resumeRun' | 'forkRun'> {
  const queue = (name: string, from: WorldRun, step: number): RunSummary => {
    if (world.runs.has(name)) throw new LangevinError('job_conflict', `there is a run "${name}" already: choose another name`);
    const run: WorldRun = { ...from, name, phase: 'queued', reason: '', step, checkpointSteps: [], events: [] };
    world.runs.set(name, run);
    life.tell(run);
    return summaryOf(run);
  };
  return {
    validateJob: async ({ body }) => validate(world, body.yaml),
    submitJob: async ({ body }) => {
      if (!('yaml' in body)) throw new LangevinError('unsupported', 'this server takes YAML only');
      const template = [...world.runs.values()][0];
      if (!template) throw new LangevinError('unsupported', 'a world without runs has no curves to copy');
      const { name, model, training } = parseJobSpecYaml(body.yaml);
      return queue(name, { ...template, totalSteps: Math.min(training.steps, template.totalSteps), guidanceRole: model.type === 'unet2d' ? 'denoiser' : 'noisy-classifier' }, 0);
    },
    cancelRun: async ({ params }) => {
      const run = findRun(world, params.run);
      Object.assign(run, { phase: 'cancelled', reason: 'cancelled by the user' });
      life.tell(run);
      return summaryOf(run);
    },
    resumeRun: async ({ params }) => {
      const run = findRun(world, params.run);
      const step = run.checkpointSteps.at(-1);
      if (step === undefined) throw new LangevinError('checkpoint_missing', `run "${run.name}" has no checkpoint to go on from`);
      Object.assign(run, { phase: 'queued', reason: '', step });
      life.tell(run);
      return summaryOf(run);
    },
    forkRun: async ({ params, body }) => {
      const run = findRun(world, params.run);
      return queue(body.name, run, run.checkpointSteps.at(-1) ?? 0);
    },
  };
}

function validate({ runs }: World, yaml: string): JobValidation {
  try {
    const spec = parseJobSpecYaml(yaml);
    const problems = [];
    if (spec.dataset.name !== 'mnist-digits') problems.push({ path: 'dataset.name', reason: `there is no dataset "${spec.dataset.name}"; there is mnist-digits` });
    if (runs.has(spec.name)) problems.push({ path: 'name', reason: `run "${spec.name}" has all its ${spec.training.steps} steps already: choose another name to train once more` });
    return problems.length > 0 ? { ok: false, problems } : { ok: true, spec: { ...spec } };
  } catch (thrown) {
    const message = LangevinError.from(thrown).message.replace(/^job spec: /, '');
    const problems = message.split('; ').map((part) => {
      const [, path = '', reason = part] = /^([\w.]+): (.*)$/.exec(part) ?? [];
      return { path, reason };
    });
    return { ok: false, problems };
  }
}

function sampleHandlers({ desk, digits }: HandlerContext): Some<'requestSamples' | 'getSamples' | 'getSamplesImage' | 'cancelSamples'> {
  return {
    requestSamples: async ({ body }) => desk.request(body),
    getSamples: async ({ params }) => desk.job(params.id),
    getSamplesImage: async ({ params }) => {
      const { labels: asked, seed } = desk.requestOf(params.id);
      const rows = [...new Set(asked)];
      return file(drawPicture(digits, { labels: rows, columns: Math.max(1, Math.round(asked.length / rows.length)), quality: 0.98, seed }));
    },
    cancelSamples: async ({ params }) => desk.cancel(params.id),
  };
}

