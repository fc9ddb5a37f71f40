import { createHash } from 'node:crypto';

/**
 * The digest of a job's results up to a step: sha256 of the chain before it and the digest of its own result. Two trainers
 * whose chains are equal have applied the same gradients in the same order.
 * @param before empty at the first step of an attempt
 */
export function chainAfter(before: string, result: string): string {
  return createHash('sha256').update(`${before} ${result}`).digest('hex');
}
