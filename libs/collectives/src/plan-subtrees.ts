import { LangevinError } from '@langevin/contracts';
import { checkVirtualWorkers } from './subtree.js';
import type { Subtree } from './subtree.js';

/** Who computes what. */
export interface SubtreePlan {
  /** The subtrees of each trainer, in the order of the trainers; together they cover every leaf once. */
  readonly subtrees: readonly (readonly Subtree[])[];
  /** Why this number of trainers is unwise for this number of virtual workers; undefined when it is not. */
  readonly warning: string | undefined;
}

interface Piece extends Subtree {
  readonly trainer: number;
}

/**
 * Splits the tree over the virtual workers among the trainers. No trainer has more than one leaf more than another, which
 * makes the step as short as it can be; and each has as few subtrees as its number of leaves allows (one for each bit set
 * in it), which makes the exchange as small as it then can be. With more trainers than leaves the last ones stay idle.
 * The same numbers always give the same plan. Throws `invalid_argument` unless virtualWorkers is a power of two and there
 * is a trainer.
 */
export function planSubtrees(virtualWorkers: number, trainers: number): SubtreePlan {
  checkVirtualWorkers(virtualWorkers);
  if (!Number.isInteger(trainers) || trainers < 1) {
    throw new LangevinError('invalid_argument', `cannot plan for ${trainers} trainers: at least one is needed`);
  }
  const pieces = Array.from({ length: trainers }, (_, trainer) => piecesOf(quota(virtualWorkers, trainers, trainer), trainer)).flat();
  const subtrees: Subtree[][] = Array.from({ length: trainers }, () => []);
  let first = 0;
  // Largest first: then every piece starts at a multiple of its own size. The sort is stable.
  for (const { leaves, trainer } of pieces.sort((a, b) => b.leaves - a.leaves)) {
    subtrees[trainer]?.push({ first, leaves });
    first += leaves;
  }
  return { subtrees, warning: warningOf(virtualWorkers, trainers) };
}

function quota(virtualWorkers: number, trainers: number, trainer: number): number {
  return Math.floor(virtualWorkers / trainers) + (trainer < virtualWorkers % trainers ? 1 : 0);
}

function piecesOf(leaves: number, trainer: number): Piece[] {
  const pieces: Piece[] = [];
  for (let size = 1; size <= leaves; size *= 2) {
    if (leaves & size) pieces.push({ first: 0, leaves: size, trainer });
  }
  return pieces;
}

function warningOf(virtualWorkers: number, trainers: number): string | undefined {
  if (trainers > virtualWorkers) {
    return `${trainers - virtualWorkers} of ${trainers} trainers stay idle: the job has only ${virtualWorkers} virtual workers`;
  }
  // One trainer owns the whole tree: nothing is exchanged and nothing is uneven.
  if (trainers === 1 || virtualWorkers >= 4 * trainers) return undefined;
  return `${virtualWorkers} virtual workers for ${trainers} trainers divide the work unevenly: ${4 * trainers} or more are better`;
}
