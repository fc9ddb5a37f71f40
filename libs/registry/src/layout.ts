import { LangevinError } from '@langevin/contracts';

const digest = /^[0-9a-f]{64}$/;
const slug = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const stepDigits = 12;
const versionDigits = 6;

/** Key of the blob with this sha256 (64 lower-case hexadecimal digits). */
export function blobKey(sha256: string): string {
  if (!digest.test(sha256)) throw new LangevinError('invalid_argument', `"${sha256}" is no sha256: 64 hexadecimal digits are`);
  return `v1/blobs/sha256/${sha256.slice(0, 2)}/${sha256}`;
}

/** Under which all runs lie. */
export const runsPrefix = 'v1/runs/';

/** Key of what a run is. */
export function runKey(run: string): string {
  return `${runsPrefix}${checkSlug(run, 'run')}/run.json`;
}

/** Under which the checkpoints of a run lie, oldest first. */
export function checkpointsPrefix(run: string): string {
  return `${runsPrefix}${checkSlug(run, 'run')}/ckpt/`;
}

/**
 * Key of the commit of one checkpoint. The step alone names it: a checkpoint's bytes hold no time and no host, so
 * every attempt at a step must give the same ones, and a second writer meets its own bytes. An attempt number in the key
 * would let a result that is not reproducible pass for a second checkpoint.
 */
export function checkpointKey(run: string, step: number): string {
  if (!Number.isInteger(step) || step < 0 || step >= 10 ** stepDigits) {
    throw new LangevinError('invalid_argument', `step ${step} is not an integer from 0 to ${10 ** stepDigits - 1}`);
  }
  return `${checkpointsPrefix(run)}${String(step).padStart(stepDigits, '0')}.json`;
}

/** The step of a checkpoint's key; `undefined` for any other key. */
export function stepOfKey(key: string): number | undefined {
  const match = /\/ckpt\/(\d{12})\.json$/.exec(key);
  return match ? Number(match[1]) : undefined;
}

/** Under which all datasets lie. */
export const datasetsPrefix = 'v1/datasets/';

/** Key of a dataset. */
export function datasetKey(name: string): string {
  return `${datasetsPrefix}${checkSlug(name, 'dataset')}.json`;
}

/** Under which all models lie. */
export const modelsPrefix = 'v1/models/';

/** Under which the versions of a model lie, oldest first. */
export function modelVersionsPrefix(model: string): string {
  return `${modelsPrefix}${checkSlug(model, 'model')}/versions/`;
}

/** Key of the commit of one version of a model. */
export function modelVersionKey(model: string, version: number): string {
  if (!Number.isInteger(version) || version < 1 || version >= 10 ** versionDigits) {
    throw new LangevinError('invalid_argument', `version ${version} is not an integer from 1 to ${10 ** versionDigits - 1}`);
  }
  return `${modelVersionsPrefix(model)}${String(version).padStart(versionDigits, '0')}.json`;
}

/** The version of a model version's key; `undefined` for any other key. */
export function versionOfKey(key: string): number | undefined {
  const match = /\/versions\/(\d{6})\.json$/.exec(key);
  return match ? Number(match[1]) : undefined;
}

/** Under which the aliases of a model lie. */
export function modelAliasesPrefix(model: string): string {
  return `${modelsPrefix}${checkSlug(model, 'model')}/aliases/`;
}

/** Under which the moves of an alias lie, oldest first; without a `/` at its end. */
export function modelAliasPrefix(model: string, alias: string): string {
  return `${modelAliasesPrefix(model)}${checkSlug(alias, 'alias')}`;
}

/** Key of the identity of the cluster that the store belongs to. */
export const clusterKey = 'v1/cluster.json';

function checkSlug(name: string, what: string): string {
  if (slug.test(name)) return name;
  throw new LangevinError('invalid_argument', `${what} name "${name}" must be 1–64 of a–z, 0–9, ".", "_", "-", starting with a letter or digit`);
}
