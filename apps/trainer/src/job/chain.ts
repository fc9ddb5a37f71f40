import { createHash } from 'node:crypto';

/**
 * The digest of a job's results up to a step: sha256 of the chain before it and the digest of its own result. Two trainers
 * whose chains are equal have applied the same gradients in the same order.
 * @param before empty at the first step of an attempt
 * @param state digest of the state that the step began with, at steps at which that is asked for; a state that differs shows in all chains from then on
 */
export function chainAfter(before: string, result: string, state?: string): string {
  return createHash('sha256').update(state === undefined ? `${before} ${result}` : `${before} ${result} ${state}`).digest('hex');
}
