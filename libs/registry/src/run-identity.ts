import { canonicalJson, parseJobSpec, type JobSpec } from '@langevin/contracts';

/** Parts of a job specification that its weights do not depend on. */
type Incidental = 'trainers' | 'checkpoints' | 'exchange';

/** Leaves out what changes no weight: how many trainers, who adds the gradients, how often a checkpoint is taken. */
export function runIdentity<Spec extends { readonly [Key in Incidental]?: unknown }>(spec: Spec): Omit<Spec, Incidental> {
  const { trainers: _trainers, checkpoints: _checkpoints, exchange: _exchange, ...identity } = spec;
  return identity;
}

/**
 * The identity of a specification that was stored, with the defaults of keys that came later: what it meant then it means now. One that
 * cannot be read is left as it is, without what changes no weight.
 * @param missing what it lacks if it is an identity already
 */
export function storedIdentity(stored: unknown, missing: Partial<JobSpec> = {}): unknown {
  if (!isObject(stored)) return stored;
  try {
    return runIdentity(parseJobSpec({ ...missing, ...stored }));
  } catch {
    return runIdentity(stored);
  }
}

/** Where two JSON values differ, as `path is a there, b here`, in the order of `here`; empty when they are equal. */
export function differences(there: unknown, here: unknown, path = ''): string[] {
  if (canonicalJson(there ?? null) === canonicalJson(here ?? null)) return [];
  if (!isObject(there) || !isObject(here)) return [`${path} is ${show(there)} there, ${show(here)} here`];
  const keys = [...new Set([...Object.keys(here), ...Object.keys(there)])];
  return keys.flatMap((key) => differences(there[key], here[key], path === '' ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
