import { LangevinError, parseAliasEvent, type AliasEvent } from '@langevin/contracts';
import { modelAliasPrefix, modelAliasesPrefix } from '../layout.js';
import type { ObjectStore } from '../object-store.js';
import { Register } from '../register.js';
import { knownVersions } from './model-versions.js';

/** An alias and where it points. */
export interface ModelAlias {
  readonly alias: string;
  readonly version: number;
  /** The move that brought it there. */
  readonly event: AliasEvent;
}

/** Managed by the registry: always the newest version. */
export const latestAlias = 'latest';

/**
 * The register that an alias moves in. Its generations are the audit trail.
 * @throws LangevinError `invalid_argument` for a name that cannot be an alias
 */
export function aliasRegister(store: ObjectStore, model: string, alias: string): Register<AliasEvent> {
  return new Register(store, modelAliasPrefix(model, alias), parseAliasEvent);
}

/** Names of the aliases of a model, in order, without `latest`. */
export async function listAliases(store: ObjectStore, model: string): Promise<string[]> {
  const prefix = modelAliasesPrefix(model);
  const names = new Set<string>();
  for await (const { key } of store.list(prefix)) {
    const name = key.slice(prefix.length).split('/')[0];
    if (name !== undefined) names.add(name);
  }
  return [...names].sort();
}

/** Every alias of a model and where it points, by name, without `latest`. @throws LangevinError `object_corrupt` naming the damaged key */
export async function readAliases(store: ObjectStore, model: string): Promise<ModelAlias[]> {
  const aliases: ModelAlias[] = [];
  for (const alias of await listAliases(store, model)) {
    const entry = await aliasRegister(store, model, alias).read();
    if (entry) aliases.push({ alias, version: entry.value.to, event: entry.value });
  }
  return aliases;
}

/**
 * Every move of every alias of a model, in the order of time; those of one alias in the order in which they happened, whatever the
 * clocks of their makers said.
 * @throws LangevinError `object_corrupt` naming the damaged key
 */
export async function readAuditTrail(store: ObjectStore, model: string): Promise<AliasEvent[]> {
  const trail: { readonly event: AliasEvent; readonly notBefore: string }[] = [];
  for (const alias of await listAliases(store, model)) {
    let notBefore = '';
    for await (const { value } of aliasRegister(store, model, alias).history()) {
      if (value.at > notBefore) notBefore = value.at;
      trail.push({ event: value, notBefore });
    }
  }
  return trail.sort((a, b) => (a.notBefore < b.notBefore ? -1 : a.notBefore > b.notBefore ? 1 : 0)).map(({ event }) => event);
}

/**
 * The version that an alias points to; `latest` is the newest one.
 * @throws LangevinError `model_unknown`; `alias_unknown` saying which there are; `object_corrupt` naming the damaged key
 */
export async function readAlias(store: ObjectStore, model: string, alias: string): Promise<number> {
  const versions = await knownVersions(store, model);
  const newest = Math.max(...versions);
  if (alias === latestAlias) return newest;
  const entry = await aliasRegister(store, model, alias).read();
  if (entry) return entry.value.to;
  throw unknownAlias(model, alias, await listAliases(store, model));
}

/** The error for an alias that does not exist. */
export function unknownAlias(model: string, alias: string, existing: readonly string[]): LangevinError {
  const there = [latestAlias, ...existing].join(', ');
  return new LangevinError('alias_unknown', `model "${model}" has no alias "${alias}"; it has ${there}; \`langevin model promote ${model} VERSION --alias ${alias}\` makes it`);
}
