import { LangevinError, type ModelVersion } from '@langevin/contracts';
import type { ModelDetail, ModelSummary, ModelVersionInfo } from '@langevin/contracts/api';
import { listAliases, listModelVersions, readAlias, readAliases, readAuditTrail, readModelVersion, readModelVersions } from '@langevin/registry';
import type { HttpContext } from './http-context.js';

type Reading = Pick<HttpContext, 'coordinator' | 'damage'>;

/** A model as a list shows it, without versions and aliases that are damaged. @throws LangevinError `model_unknown`; `object_corrupt` when no version is whole */
export async function modelSummary(context: Reading, name: string): Promise<ModelSummary> {
  const versions = await wholeVersions(context, name);
  const latest = newestOf(versions, name);
  const aliases = await wholeAliases(context, name);
  return {
    name,
    versions: versions.length,
    latest: latest.version,
    aliases: Object.fromEntries(aliases),
    guidanceRole: latest.guidanceRole,
    scheduleDigest: latest.scheduleDigest,
  };
}

/** A model with its versions, those that are damaged left out, its aliases and its history. @throws LangevinError `model_unknown`, `object_corrupt` */
export async function modelDetail(context: Reading, name: string): Promise<ModelDetail> {
  const { store } = context.coordinator;
  const versions = await wholeVersions(context, name);
  newestOf(versions, name);
  const moves = await readAuditTrail(store, name);
  const aliases = await readAliases(store, name);
  return {
    name,
    versions: versions.reverse().map(versionInfo),
    aliases: aliases.map(({ alias, version }) => ({ alias, version, generation: moves.filter((move) => move.alias === alias).length })),
    events: moves.reverse().map(({ alias, action, from, to, actor, reason, at }) => ({ alias, action, from, to, actor, ...(reason !== undefined && { reason }), time: at })),
  };
}

/** A version as the API shows it. */
export function versionInfo(record: ModelVersion): ModelVersionInfo {
  const { version, checkpoint, run, step, guidanceRole, scheduleDigest, metrics, license, note, createdAt, actor, lineage } = record;
  return {
    version,
    checkpoint,
    run,
    step,
    guidanceRole,
    scheduleDigest,
    metrics,
    ...(license !== undefined && { license }),
    ...(note !== undefined && { note }),
    createdAt,
    actor,
    lineage,
  };
}

/** The versions of a model that are whole, oldest first. @throws LangevinError `model_unknown` */
export async function wholeVersions({ coordinator: { store }, damage }: Reading, name: string): Promise<ModelVersion[]> {
  const all = await damage.whole(async () => {
    const versions: ModelVersion[] = [];
    for await (const version of readModelVersions(store, name)) versions.push(version);
    return versions;
  });
  // One by one takes a listing for each.
  return all ?? damage.wholeOf(await listModelVersions(store, name), (version) => readModelVersion(store, name, version));
}

/** Where the aliases of a model point, without those whose last move is damaged. */
export async function wholeAliases({ coordinator: { store }, damage }: Reading, name: string): Promise<ReadonlyMap<string, number>> {
  const all = await damage.whole(() => readAliases(store, name));
  if (all) return new Map(all.map(({ alias, version }) => [alias, version]));
  return new Map(await damage.wholeOf(await listAliases(store, name), async (alias) => [alias, await readAlias(store, name, alias)] as const));
}

function newestOf(versions: readonly ModelVersion[], name: string): ModelVersion {
  const newest = versions.at(-1);
  if (newest) return newest;
  throw new LangevinError('object_corrupt', `every version of model "${name}" is damaged: the log of the coordinator names the documents`);
}
