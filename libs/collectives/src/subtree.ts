import type { Subtree } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';

/** Whether n is 1, 2, 4, …, 2³⁰. */
function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(n) && n > 0 && n <= 2 ** 30 && (n & (n - 1)) === 0;
}

/** Throws `invalid_argument` unless the subtree is aligned and lies within a tree of virtualWorkers leaves. */
export function checkSubtree({ first, leaves }: Subtree, virtualWorkers: number): void {
  const isAligned = isPowerOfTwo(leaves) && Number.isInteger(first) && first >= 0 && first % leaves === 0;
  if (isAligned && first + leaves <= virtualWorkers) return;
  throw new LangevinError(
    'invalid_argument',
    `${describeSubtree({ first, leaves })} is no subtree of ${virtualWorkers} virtual workers: its size must be a power of two that divides its first leaf`,
  );
}

/** Throws `invalid_argument` unless the number of virtual workers is a power of two. */
export function checkVirtualWorkers(virtualWorkers: number): void {
  if (isPowerOfTwo(virtualWorkers)) return;
  throw new LangevinError('invalid_argument', `virtualWorkers is ${virtualWorkers}: choose a power of two (1, 2, 4, 8 …)`);
}

/** For messages: `leaves 4+2` are the leaves 4 and 5. */
export function describeSubtree({ first, leaves }: Subtree): string {
  return `leaves ${first}+${leaves}`;
}
