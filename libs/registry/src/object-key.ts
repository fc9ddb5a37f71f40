import { LangevinError } from '@langevin/contracts';

const segment = /^[a-z0-9][a-z0-9._-]{0,254}$/;
const maxKeyLength = 1024;

/**
 * Checks the key of an object. Lower case only, because some file systems fold case; no segment starts with a dot,
 * so that neither `..` nor the private folder of a directory store can be named.
 * @throws LangevinError `invalid_argument`
 */
export function checkKey(key: string): string {
  const bad = key.length > maxKeyLength ? key : key.split('/').find((part) => !segment.test(part));
  if (bad === undefined) return key;
  const rule = 'keys are at most 1024 characters, "/"-separated segments of a–z, 0–9, ".", "_", "-", each starting with a letter or digit';
  throw new LangevinError('invalid_argument', `object key ${JSON.stringify(key.slice(0, 200))} is not valid: ${rule}`);
}

/**
 * Checks the prefix of a listing: a key whose last segment may be cut short or empty.
 * @throws LangevinError `invalid_argument`
 */
export function checkPrefix(prefix: string): string {
  const start = prefix.lastIndexOf('/') + 1;
  const last = prefix.slice(start);
  if (start > 0) checkKey(prefix.slice(0, start - 1));
  if (last !== '') checkKey(last);
  return prefix;
}
