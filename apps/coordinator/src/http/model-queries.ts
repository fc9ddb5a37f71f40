import type { ModelVersion } from '@langevin/contracts';
import type { ModelDetail, ModelSummary, ModelVersionInfo } from '@langevin/contracts/api';
import { readAliases, readAuditTrail, readModelVersions, type ObjectStore } from '@langevin/registry';

/** A model as a list shows it. @throws LangevinError `model_unknown`, `object_corrupt` */
export async function modelSummary(store: ObjectStore, name: string): Promise<ModelSummary> {
  const versions = await versionsOf(store, name);
  const latest = versions.at(-1)!; // A model has at least one version.
  const aliases = await readAliases(store, name);
  return {
    name,
    versions: versions.length,
    latest: latest.version,
    aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
    guidanceRole: latest.guidanceRole,
    scheduleDigest: latest.scheduleDigest,
  };
}

/** A model with its versions, aliases and history. @throws LangevinError `model_unknown`, `object_corrupt` */
export async function modelDetail(store: ObjectStore, name: string): Promise<ModelDetail> {
  const versions = await versionsOf(store, name);
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

async function versionsOf(store: ObjectStore, name: string): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  for await (const version of readModelVersions(store, name)) versions.push(version);
  return versions;
}
