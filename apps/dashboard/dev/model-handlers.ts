import { LangevinError } from '@langevin/contracts';
import type { ModelDetail } from '@langevin/contracts/api';
import type { ApiHandlers } from '@langevin/http-api';
import { modelSummaryOf } from './describe.js';
import { digestOf } from './digest.js';
import { page } from './page.js';
import { checkpointDigest, scheduleOf } from './world.js';
import type { World } from './world.js';

/** What the handlers work on. */
export interface ModelContext {
  readonly world: World;
  /** Told when a model has changed. */
  readonly onModel: (name: string) => void;
}

/** Answers everything about models. */
export function modelHandlers({ world, onModel }: ModelContext): Pick<ApiHandlers, 'listModels' | 'getModel' | 'registerVersion' | 'moveAlias' | 'rollbackAlias'> {
  const find = (name: string): ModelDetail => {
    const model = world.models.get(name);
    if (!model) throw new LangevinError('model_unknown', `model "${name}" is unknown`);
    return model;
  };
  const keep = (model: ModelDetail): ModelDetail => {
    world.models.set(model.name, model);
    onModel(model.name);
    return model;
  };
  return {
    listModels: async ({ query }) => page([...world.models.values()].map(modelSummaryOf), query),
    getModel: async ({ params }) => find(params.name),
    registerVersion: async ({ params, body }) => {
      const model = world.models.get(params.name) ?? { name: params.name, versions: [], aliases: [], events: [] };
      const version = { ...versionOf(world, body.checkpoint), version: model.versions.length + 1, ...(body.note !== undefined && { note: body.note }), ...(body.license !== undefined && { license: body.license }) };
      keep({ ...model, versions: [version, ...model.versions] });
      return version;
    },
    moveAlias: async ({ params: { name, alias }, body: { version, ifCurrent, reason } }) => {
      const current = find(name).aliases.find((candidate) => candidate.alias === alias)?.version ?? null;
      if (ifCurrent !== undefined && ifCurrent !== current) throw new LangevinError('alias_moved', `alias "${alias}" points at ${current ?? 'nothing'} now: look again, then promote`);
      return keep(moved(find(name), { alias, action: 'promote', from: current, to: version, actor: 'dashboard', ...(reason !== undefined && { reason }), time: new Date(world.nowMs).toISOString() }));
    },
    rollbackAlias: async ({ params: { name, alias } }) => {
      const model = find(name);
      const last = model.events.find((event) => event.alias === alias);
      if (!last || last.from === null) throw new LangevinError('alias_unknown', `alias "${alias}" pointed nowhere before: there is nothing to roll back to`);
      return keep(moved(model, { alias, action: 'rollback', from: last.to, to: last.from, actor: 'dashboard', time: new Date(world.nowMs).toISOString() }));
    },
  };
}

function moved(model: ModelDetail, event: ModelDetail['events'][number]): ModelDetail {
  const old = model.aliases.find(({ alias }) => alias === event.alias);
  const aliases = [{ alias: event.alias, version: event.to, generation: (old?.generation ?? 0) + 1 }, ...model.aliases.filter((alias) => alias !== old)];
  return { ...model, aliases, events: [event, ...model.events] };
}

function versionOf({ runs, nowMs }: World, digest: string): Omit<ModelDetail['versions'][number], 'version'> {
  for (const run of runs.values()) {
    const step = run.checkpointSteps.find((candidate) => checkpointDigest(run.name, candidate) === digest);
    if (step === undefined) continue;
    return {
      checkpoint: digest,
      run: run.name,
      step,
      guidanceRole: run.guidanceRole,
      scheduleDigest: scheduleOf(run),
      metrics: {},
      createdAt: new Date(nowMs).toISOString(),
      actor: 'dashboard',
      lineage: { datasetDigest: digestOf('mnist-digits'), specDigest: digestOf(`spec of ${run.name}`) },
    };
  }
  throw new LangevinError('checkpoint_missing', `there is no checkpoint ${digest.slice(0, 12)}`);
}
