import { LangevinError } from '@langevin/contracts';

/** Leaves `first` … `first + leaves − 1` of the reduction tree; `leaves` is a power of two that divides `first`. */
export interface Subtree {
  readonly first: number;
  readonly leaves: number;
}

/** The most leaves that a plan can have. */
export const MAX_VIRTUAL_WORKERS = 2 ** 30;

/**
 * Which subtrees of the tree over the virtual workers each trainer owns: entry i belongs to the i-th trainer.
 * Every leaf has exactly one owner and no two trainers differ by more than one leaf. A load of n leaves is cut into as
 * many subtrees as n has binary ones, the fewest that can hold it, so as few partials as possible travel. Trainers
 * beyond `virtualWorkers` own nothing. The same arguments always give the same plan.
 * @param virtualWorkers leaves of the tree, a power of two up to 2³⁰
 * @param trainers at least 1
 * @throws LangevinError `invalid_argument` for any other number.
 */
export function planSubtrees(virtualWorkers: number, trainers: number): readonly (readonly Subtree[])[] {
  requireCounts(virtualWorkers, trainers);
  const least = Math.floor(virtualWorkers / trainers);
  const shares = Array.from({ length: trainers }, (_, index) => ({
    load: index < virtualWorkers % trainers ? least + 1 : least,
    subtrees: new Array<Subtree>(),
  }));
  // Largest subtrees first: whatever stands before a subtree is then a multiple of its size, which aligns it.
  let first = 0;
  for (let leaves = virtualWorkers; leaves >= 1; leaves /= 2) {
    for (const share of shares) {
      if ((share.load & leaves) === 0) continue;
      share.subtrees.push({ first, leaves });
      first += leaves;
    }
  }
  return shares.map((share) => share.subtrees);
}

function requireCounts(virtualWorkers: number, trainers: number): void {
  if (!Number.isInteger(Math.log2(virtualWorkers)) || virtualWorkers < 1 || virtualWorkers > MAX_VIRTUAL_WORKERS) {
    throw new LangevinError('invalid_argument', `virtualWorkers ${virtualWorkers} is not a power of two from 1 to ${MAX_VIRTUAL_WORKERS}`);
  }
  if (!Number.isInteger(trainers) || trainers < 1) {
    throw new LangevinError('invalid_argument', `trainers ${trainers}: give a whole number, at least 1`);
  }
}
