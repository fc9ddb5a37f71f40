import { LangevinError } from '@langevin/contracts';

/** The time itself, if the process is defined there. Throws LangevinError `invalid_argument` outside tMin … tMax. */
export function timeWithin(t: number, tMin: number, tMax: number): number {
  if (t >= tMin && t <= tMax) return t;
  throw new LangevinError('invalid_argument', `time ${t} lies outside ${tMin} … ${tMax}`);
}

/** Refuses limits of a schedule that do not ascend from a positive one. `what` names them: 'beta', 'sigma'. */
export function requireAscending(what: string, min: number, max: number): void {
  if (min > 0 && min < max && max < Number.POSITIVE_INFINITY) return;
  throw new LangevinError('invalid_spec', `needs 0 < ${what}Min < ${what}Max, got ${min} and ${max}`);
}
