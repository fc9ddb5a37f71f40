import { LangevinError, parseModelVersion, type ModelVersion } from '@langevin/contracts';
import { readDocument } from '../documents.js';
import { modelVersionKey, modelVersionsPrefix, modelsPrefix, versionOfKey } from '../layout.js';
import type { ObjectStore } from '../object-store.js';

/** Names of the models of a store, in order: those with at least one version. */
export async function listModels(store: ObjectStore): Promise<string[]> {
  const names = new Set<string>();
  for await (const { key } of store.list(modelsPrefix)) {
    const name = /^v1\/models\/([^/]+)\/versions\//.exec(key)?.[1];
    if (name !== undefined && versionOfKey(key) !== undefined) names.add(name);
  }
  // Keys sort otherwise: "a-b/" before "a/".
  return [...names].sort();
}

/** Numbers of the versions of a model, ascending; empty if there is no such model. */
export async function listModelVersions(store: ObjectStore, model: string): Promise<number[]> {
  const versions: number[] = [];
  for await (const { key } of store.list(modelVersionsPrefix(model))) {
    const version = versionOfKey(key);
    if (version !== undefined) versions.push(version);
  }
  return versions;
}

/**
 * One version of a model, checked bit by bit.
 * @throws LangevinError `model_unknown` saying which models or versions there are; `object_corrupt` naming the damaged key
 */
export async function readModelVersion(store: ObjectStore, model: string, version: number): Promise<ModelVersion> {
  const versions = await knownVersions(store, model);
  if (versions.includes(version)) return versionAt(store, model, version);
  throw new LangevinError('model_unknown', `model "${model}" has no version ${version}; it has ${versions.join(', ')}`);
}

/**
 * Every version of a model, oldest first.
 * @throws LangevinError `model_unknown` saying which models there are; `object_corrupt` naming the damaged key
 */
export async function* readModelVersions(store: ObjectStore, model: string): AsyncGenerator<ModelVersion> {
  for (const version of await knownVersions(store, model)) yield await versionAt(store, model, version);
}

/**
 * Numbers of the versions of a model, ascending and at least one.
 * @throws LangevinError `model_unknown` saying which models there are
 */
export async function knownVersions(store: ObjectStore, model: string): Promise<number[]> {
  const versions = await listModelVersions(store, model);
  if (versions.length > 0) return versions;
  const models = await listModels(store);
  const there = models.length > 0 ? `there is ${models.join(', ')}` : 'there is none yet: `langevin model register` makes one';
  throw new LangevinError('model_unknown', `there is no model "${model}" in ${store.location}; ${there}`);
}

/**
 * The version at its key, without a look at what else there is.
 * @throws LangevinError `object_missing`; `object_corrupt` naming the damaged key
 */
export async function versionAt(store: ObjectStore, model: string, version: number): Promise<ModelVersion> {
  const key = modelVersionKey(model, version);
  const parsed = parseModelVersion((await readDocument(store, key)).value);
  if (parsed.name === model && parsed.version === version) return parsed;
  // A whole document under another's key: somebody copied or moved it.
  throw new LangevinError('object_corrupt', `${store.location}: ${key} is damaged: it holds version ${parsed.version} of model "${parsed.name}"`);
}
