import type { AliasEvent, ModelVersion } from '@langevin/contracts';
import type { IndexedModel } from '@langevin/registry-index';
import { metricsText } from './checkpoint-text.js';
import { table } from './output.js';

/** Models as a table. */
export function modelTable(models: readonly IndexedModel[]): string {
  const rows = models.map(({ name, versions, latest, aliases }) => [
    name,
    latest.guidanceRole,
    String(versions),
    aliases.map(({ alias, version }) => `${alias} → ${version}`).join(', ') || '–',
    minute(latest.createdAt),
    latest.actor,
  ]);
  return table(['NAME', 'ROLE', 'VERSIONS', 'ALIASES', 'NEWEST', 'BY'], rows);
}

/** A model: its versions, and who moved its aliases when. */
export function describeModel({ name, latest, aliases }: IndexedModel, versions: readonly ModelVersion[], trail: readonly AliasEvent[]): string {
  const namesOf = (version: number) => [...aliases.filter((found) => found.version === version).map(({ alias }) => alias), ...(version === latest.version ? ['latest'] : [])];
  const rows = versions.map((version) => [
    String(version.version),
    `${version.run}:${version.step}`,
    namesOf(version.version).join(', ') || '–',
    minute(version.createdAt),
    version.actor,
    version.license ?? '–',
    version.checkpoint.slice(0, 12),
    version.note ?? '',
  ]);
  const parts = [`${name}: a ${latest.guidanceRole}, ${versions.length} ${versions.length === 1 ? 'version' : 'versions'}`, table(['VERSION', 'CHECKPOINT', 'ALIASES', 'CREATED', 'BY', 'LICENCE', 'DIGEST', 'NOTE'], rows)];
  if (Object.keys(latest.metrics).length > 0) parts.push(`metrics of version ${latest.version}: ${metricsText(latest.metrics)}`);
  if (trail.length > 0) parts.push(auditTable(trail));
  return parts.join('\n\n');
}

function auditTable(trail: readonly AliasEvent[]): string {
  const rows = trail.map(({ at, alias, action, from, to, actor, reason }) => [minute(at), alias, action, `${from ?? 'nowhere'} → ${to}`, actor, reason ?? '']);
  return table(['WHEN', 'ALIAS', 'WHAT', 'MOVE', 'BY', 'REASON'], rows);
}

/** "2026-01-31 17:05", in UTC. */
function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
