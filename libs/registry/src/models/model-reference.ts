import { LangevinError, type ModelVersion } from '@langevin/contracts';
import type { ObjectStore } from '../object-store.js';
import { latestAlias, readAlias } from './model-aliases.js';
import { readModelVersion, readModelVersions } from './model-versions.js';

/** Which version of which model. */
export type ModelReference =
  | { readonly model: string; readonly by: 'alias'; readonly alias: string }
  | { readonly model: string; readonly by: 'version'; readonly version: number }
  | { readonly model: string; readonly by: 'checkpoint'; readonly checkpoint: string };

const name = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * Reads a reference to a model: `digits` and `digits@latest` (the newest version), `digits:3`, `digits@production`, or
 * `digits@sha256:…`, the version that is the checkpoint of this digest.
 * @throws LangevinError `invalid_argument` saying what is wrong and what is possible
 */
export function parseModelReference(text: string): ModelReference {
  const [, model = '', separator, rest = ''] = /^([^:@]*)([:@])?(.*)$/s.exec(text) ?? [];
  if (!name.test(model)) throw badReference(text, `${JSON.stringify(model)} is no name of a model: 1–64 of a–z, 0–9, ".", "_", "-" are, starting with a letter or digit`);
  if (separator === undefined) return { model, by: 'alias', alias: latestAlias };
  if (separator === ':') {
    if (/^[1-9]\d{0,5}$/.test(rest)) return { model, by: 'version', version: Number(rest) };
    throw badReference(text, `${JSON.stringify(rest)} is no version, which is a number from 1 on`);
  }
  if (rest.startsWith('sha256:')) {
    const checkpoint = rest.slice('sha256:'.length);
    if (/^[0-9a-f]{64}$/.test(checkpoint)) return { model, by: 'checkpoint', checkpoint };
    throw badReference(text, `a digest has 64 hexadecimal digits in lower case, this one has ${checkpoint.length} characters`);
  }
  if (/^v?\d+$/.test(rest)) throw badReference(text, `"${rest}" is no alias; version ${rest.replace('v', '')} is ${model}:${rest.replace('v', '')}`);
  if (name.test(rest)) return { model, by: 'alias', alias: rest };
  throw badReference(text, `${JSON.stringify(rest)} is no name of an alias`);
}

/**
 * The version that a reference means now.
 * @throws LangevinError `invalid_argument`; `model_unknown`, `alias_unknown` saying what there is; `object_corrupt` naming the damaged key
 */
export async function resolveModel(store: ObjectStore, text: string): Promise<ModelVersion> {
  const reference = parseModelReference(text);
  switch (reference.by) {
    case 'version':
      return readModelVersion(store, reference.model, reference.version);
    case 'alias':
      return readModelVersion(store, reference.model, await readAlias(store, reference.model, reference.alias));
    case 'checkpoint':
      return versionOfCheckpoint(store, reference.model, reference.checkpoint);
  }
}

async function versionOfCheckpoint(store: ObjectStore, model: string, checkpoint: string): Promise<ModelVersion> {
  const known: string[] = [];
  for await (const version of readModelVersions(store, model)) {
    if (version.checkpoint === checkpoint) return version;
    known.push(`${version.version} (${version.checkpoint.slice(0, 12)}…)`);
  }
  throw new LangevinError('model_unknown', `no version of model "${model}" is checkpoint ${checkpoint}; it has ${known.join(', ')}`);
}

function badReference(text: string, problem: string): LangevinError {
  return new LangevinError('invalid_argument', `model reference ${JSON.stringify(text)}: ${problem}; write NAME, NAME:VERSION, NAME@ALIAS or NAME@sha256:DIGEST`);
}
