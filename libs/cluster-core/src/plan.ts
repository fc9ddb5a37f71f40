import { LangevinError } from '@langevin/contracts';
import { Heap } from './heap.js';

/** Leaves `first` … `first + leaves − 1` of the reduction tree; `leaves` is a power of two that divides `first`. */
export interface Subtree {
  readonly first: number;
  readonly leaves: number;
}

/** The most leaves that a plan can have. */
export const MAX_VIRTUAL_WORKERS = 2 ** 30;

/**
 * Which subtrees of the tree each trainer owns: entry i belongs to the trainer with load i. A load of n leaves is cut into
 * as many subtrees as n has binary ones, the fewest that can hold it, so as few partials as possible travel. The same
 * loads always give the same plan.
 * @param loads leaves for each trainer; together a power of two up to 2³⁰
 * @throws LangevinError `invalid_argument` for any other numbers.
 */
export function planSubtrees(loads: readonly number[]): readonly (readonly Subtree[])[] {
  const total = loads.reduce((sum, load) => sum + load, 0);
  if (!loads.every((load) => Number.isInteger(load) && load >= 0)) throw new LangevinError('invalid_argument', `loads ${loads.join(', ')}: each must be a whole number of leaves`);
  requireVirtualWorkers(total);
  const shares = loads.map((load) => ({ load, subtrees: new Array<Subtree>() }));
  // Largest subtrees first: whatever stands before a subtree is then a multiple of its size, which aligns it.
  let first = 0;
  for (let leaves = total; leaves >= 1; leaves /= 2) {
    for (const share of shares) {
      if ((share.load & leaves) === 0) continue;
      share.subtrees.push({ first, leaves });
      first += leaves;
    }
  }
  return shares.map((share) => share.subtrees);
}

/**
 * Leaves for each trainer, so that the slowest is done as soon as can be. Trainers of one speed differ by one leaf at most;
 * those beyond `virtualWorkers` get none.
 * @param virtualWorkers leaves of the tree, a power of two up to 2³⁰
 * @param leafMs how long a leaf takes each trainer, positive; at least one
 * @throws LangevinError `invalid_argument` for any other number.
 */
export function shareLeaves(virtualWorkers: number, leafMs: readonly number[]): readonly number[] {
  requireVirtualWorkers(virtualWorkers);
  if (leafMs.length === 0) throw new LangevinError('invalid_argument', 'no trainers: leaves need at least one');
  const speed = leafMs.reduce((sum, ms) => sum + 1 / ms, 0);
  const loads = leafMs.map((ms) => Math.floor(virtualWorkers / ms / speed));
  // Whoever would be done first with one leaf more gets that.
  const soonest = new Heap(loads.map((load, index) => (load + 1) * leafMs[index]!)); // The lists are of one length.
  for (let left = virtualWorkers - loads.reduce((sum, load) => sum + load, 0); left > 0; left--) {
    const place = soonest.least;
    loads[place]!++; // A place within the list.
    soonest.raise((loads[place]! + 1) * leafMs[place]!);
  }
  return loads;
}

function requireVirtualWorkers(virtualWorkers: number): void {
  if (virtualWorkers >= 1 && Number.isInteger(Math.log2(virtualWorkers)) && virtualWorkers <= MAX_VIRTUAL_WORKERS) return;
  throw new LangevinError('invalid_argument', `virtualWorkers ${virtualWorkers} is not a power of two from 1 to ${MAX_VIRTUAL_WORKERS}`);
}
