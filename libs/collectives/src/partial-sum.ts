import { LangevinError } from '@langevin/contracts';
import type { Combine } from './tree-reducer.js';
import type { Vector } from './vector-arena.js';

/** What a subtree publishes: sums over its samples, never means. */
export interface PartialSum {
  /** Σ gradient */
  readonly gradient: Vector;
  /** Σ weight: how many real samples, float32 */
  readonly weightSum: number;
  /** Σ loss, float32 */
  readonly lossSum: number;
}

/**
 * left + right, every element and every scalar in float32. The sum takes over the left gradient's memory; the right one is
 * freed. Both gradients must come from one arena.
 */
export const addPartials: Combine<PartialSum> = (left, right) => {
  const { arena } = left.gradient;
  if (right.gradient.arena !== arena) throw new LangevinError('internal', 'partial sums of two arenas cannot be added');
  arena.kernels.add(left.gradient.address, right.gradient.address, arena.length);
  right.gradient.free();
  return {
    gradient: left.gradient,
    weightSum: Math.fround(left.weightSum + right.weightSum),
    lossSum: Math.fround(left.lossSum + right.lossSum),
  };
};
