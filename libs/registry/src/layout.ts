import { LangevinError } from '@langevin/contracts';

const digest = /^[0-9a-f]{64}$/;
const slug = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const stepDigits = 12;

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

/** Key of the identity of the cluster that the store belongs to. */
export const clusterKey = 'v1/cluster.json';

function checkSlug(name: string, what: string): string {
  if (slug.test(name)) return name;
  throw new LangevinError('invalid_argument', `${what} name "${name}" must be 1–64 of a–z, 0–9, ".", "_", "-", starting with a letter or digit`);
}
