import { LangevinError, parseJobSpec, parseJobSpecYaml, parseSpecSetting } from '@langevin/contracts';
import type { RunSummary } from '@langevin/contracts/api';
import { roundedMetrics, type ApiHandlers } from '@langevin/http-api';
import { listModels, promoteModel, registerModel, rollbackModel, verifyCheckpoint, type ChangeContext } from '@langevin/registry';
import { forkedJob, resumedJob } from '../continued-job.js';
import { queueContinued, queueJob } from '../jobs-service.js';
import { checkpointByDigest, checkpointFile, checkpointInfo, versionsByCheckpoint } from './checkpoint-queries.js';
import { drawRequest } from './draw-request.js';
import type { HttpContext } from './http-context.js';
import { modelDetail, modelSummary, versionInfo } from './model-queries.js';
import { nodes } from './node-queries.js';
import { mapPage, pageOf } from './page-of.js';
import { readRecipes } from './recipes.js';
import { allRuns, findRun, runDetail, runSummary } from './run-queries.js';
import { matrixOf, newestSamples, readSamples, readSamplesImage } from './sample-records.js';
import { sortRuns } from './sort-runs.js';
import { validateJob } from './validate-job.js';

type Some<Ids extends keyof ApiHandlers> = Pick<ApiHandlers, Ids>;

/** What answers each endpoint. */
export function apiHandlers(context: HttpContext): ApiHandlers {
  return { ...systemHandlers(context), ...runHandlers(context), ...checkpointHandlers(context), ...jobHandlers(context), ...modelHandlers(context), ...sampleHandlers(context) };
}

function systemHandlers(context: HttpContext): Some<'getSystem' | 'listNodes' | 'drainNode' | 'listRecipes'> {
  const { coordinator, version, startedAt } = context;
  return {
    getSystem: async () => ({ version, cluster: coordinator.cluster, store: coordinator.store.location, startedAt: startedAt.toISOString(), readOnly: false }),
    listNodes: async ({ query }) => pageOf(nodes(coordinator), ({ id }) => id, query),
    async drainNode({ params: { name } }) {
      const trainer = coordinator.state().trainers.find((other) => other.name === name);
      if (!trainer) throw new LangevinError('object_missing', `no trainer "${name}" is attached`);
      coordinator.dispatch({ type: 'trainerDraining', trainerId: trainer.id, why: 'it was asked to' });
    },
    listRecipes: async ({ query }) => pageOf(await readRecipes(context.recipes), ({ name }) => name, query),
  };
}

function runHandlers(context: HttpContext): Some<'listRuns' | 'getRun' | 'getRunMetrics' | 'getMetrics' | 'listRunEvents' | 'listRunCheckpoints' | 'getRunSamples' | 'getRunSamplesImage'> {
  const { coordinator, metrics, catalog, damage } = context;
  return {
    listRuns: async ({ query }) => pageOf(sortRuns(await allRuns(context), query), ({ name }) => name, query),
    getRun: ({ params }) => runDetail(context, params.run),
    async getRunMetrics({ params, query }) {
      await findRun(context, params.run);
      return metrics.curves(params.run, query.keys, query);
    },
    async getMetrics({ query }) {
      const known = new Set([...(await catalog.runs()).keys(), ...coordinator.book.ids()]);
      const names = query.runs.filter((name) => known.has(name));
      const curves = await damage.wholeOf(names, async (name) => [name, roundedMetrics(await metrics.curves(name, query.keys, query))] as const);
      return { runs: Object.fromEntries(curves) };
    },
    async listRunEvents({ params, query }) {
      await findRun(context, params.run);
      return pageOf(await metrics.events(params.run), ({ seq }) => String(seq), query);
    },
    async listRunCheckpoints({ params, query }) {
      const steps = (await findRun(context, params.run))?.steps.toReversed() ?? [];
      const versions = await versionsByCheckpoint(context);
      return mapPage(damage, pageOf(steps, String, query), async (step) => checkpointInfo(await catalog.checkpoint(params.run, step), versions));
    },
    async getRunSamples({ params: { run } }) {
      const stored = await findRun(context, run);
      const steps = (stored?.samples ?? []).filter((step) => stored?.steps.includes(step));
      const digests = await damage.wholeOf(steps, async (step) => ({ step, digest: (await catalog.checkpoint(run, step)).digest }));
      return matrixOf(await newestSamples(coordinator.store, damage, run, stored?.samples ?? []), {
        steps: digests,
        drawing: context.samples.drawing(run),
        drawsCheckpoints: context.samples.drawsCheckpoints,
      });
    },
    async getRunSamplesImage({ params: { run, step } }) {
      await findRun(context, run);
      const body = await readSamplesImage(coordinator.store, await readSamples(coordinator.store, run, step));
      return { body, size: body.byteLength, isImmutable: true };
    },
  };
}

function checkpointHandlers(context: HttpContext): Some<'getCheckpoint' | 'verifyCheckpoint' | 'getCheckpointFile'> {
  const { store } = context.coordinator;
  return {
    getCheckpoint: async ({ params }) => checkpointInfo(await checkpointByDigest(context, params.digest), await versionsByCheckpoint(context)),
    async verifyCheckpoint({ params }) {
      const { manifest } = await checkpointByDigest(context, params.digest);
      const { problems } = await verifyCheckpoint(store, manifest.run, manifest.step);
      return { ok: problems.length === 0, problems: [...problems] };
    },
    getCheckpointFile: async ({ params }) => checkpointFile(store, await checkpointByDigest(context, params.digest), params.path),
  };
}

function jobHandlers(context: HttpContext): Some<'validateJob' | 'submitJob' | 'cancelRun' | 'resumeRun' | 'forkRun'> {
  const { coordinator, catalog } = context;
  const queued = async (name: string | undefined): Promise<RunSummary> => {
    catalog.invalidate();
    return runSummary(context, name ?? '');
  };
  return {
    validateJob: ({ body }) => validateJob(context, body.yaml),
    async submitJob({ body }) {
      const spec = 'yaml' in body ? parseJobSpecYaml(body.yaml) : parseJobSpec(body.spec);
      return queued((await queueJob(coordinator, { spec, origin: {} }, [])).id ?? spec.name);
    },
    async cancelRun({ params: { run } }) {
      await findRun(context, run);
      if (!coordinator.book.ids().includes(run)) throw new LangevinError('job_conflict', `run "${run}" does not train: there is nothing to cancel`);
      coordinator.dispatch({ type: 'jobCancelled', jobId: run });
      return runSummary(context, run);
    },
    async resumeRun({ params: { run }, body: { from = '' } }) {
      await findRun(context, run);
      return queued((await queueContinued(coordinator, { run, from, settings: [] }, resumedJob)).id);
    },
    async forkRun({ params: { run }, body: { name, from = '', set = [] } }) {
      await findRun(context, run);
      set.forEach(parseSpecSetting);
      return queued((await queueContinued(coordinator, { run, name, from, settings: set }, forkedJob)).id);
    },
  };
}

function modelHandlers(context: HttpContext): Some<'listModels' | 'getModel' | 'registerVersion' | 'moveAlias' | 'rollbackAlias'> {
  const { store } = context.coordinator;
  const change: ChangeContext = { actor: 'dashboard', now: () => context.now().getTime(), newId: context.newId };
  const changed = (name: string): void => context.feed.publish({ name: 'model', data: { name } });
  return {
    listModels: async ({ query }) => mapPage(context.damage, pageOf(await listModels(store), (name) => name, query), (name) => modelSummary(context, name)),
    getModel: ({ params }) => modelDetail(context, params.name),
    async registerVersion({ params, body }) {
      const { note, license } = body;
      const { version } = await registerModel(store, { model: params.name, checkpoint: body.checkpoint, ...(note !== undefined && { note }), ...(license !== undefined && { license }) }, change);
      changed(params.name);
      return versionInfo(version);
    },
    async moveAlias({ params: { name, alias }, body: { version, ifCurrent, reason } }) {
      await promoteModel(store, { model: name, alias, version, ...(ifCurrent !== undefined && { ifCurrent }), ...(reason !== undefined && { reason }) }, change);
      changed(name);
      return modelDetail(context, name);
    },
    async rollbackAlias({ params: { name, alias }, body: { reason } }) {
      await rollbackModel(store, { model: name, alias, ...(reason !== undefined && { reason }) }, change);
      changed(name);
      return modelDetail(context, name);
    },
  };
}

function sampleHandlers(context: HttpContext): Some<'requestSamples' | 'getSamples' | 'getSamplesImage' | 'cancelSamples'> {
  const { samples } = context;
  return {
    requestSamples: async ({ body }) => samples.request(await drawRequest(context, body)),
    getSamples: async ({ params }) => samples.show(params.id),
    async getSamplesImage({ params }) {
      const body = samples.picture(params.id);
      return { body, size: body.byteLength, isImmutable: true };
    },
    cancelSamples: async ({ params }) => samples.forget(params.id),
  };
}
