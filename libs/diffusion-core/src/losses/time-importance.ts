import { LangevinError } from '@langevin/contracts';
import type { DdpmProcess } from '../processes/ddpm-process.js';
import { lossWeight } from './loss-weight.js';

/** The last losses at each time, oldest first. Never changed: what follows from it follows from what was recorded, on any machine. */
export interface LossHistory {
  /** How many are kept for each time. */
  readonly perTime: number;
  /** One list for each time 0 … T−1. */
  readonly losses: readonly (readonly number[])[];
}

/** The history of nothing. */
export function emptyLossHistory(numTrainTimesteps: number, perTime = 10): LossHistory {
  return { perTime, losses: Array.from({ length: numTrainTimesteps }, () => []) };
}

/**
 * The history with these losses besides, in this order.
 * @throws LangevinError `invalid_argument` for a time that it does not have, `non_finite` for a loss that is no number
 */
export function recordLosses(history: LossHistory, entries: readonly { readonly t: number; readonly loss: number }[]): LossHistory {
  const changed = new Map<number, readonly number[]>();
  for (const { t, loss } of entries) {
    const before = changed.get(t) ?? history.losses[t];
    if (before === undefined) throw new LangevinError('invalid_argument', `time ${t} is none of 0 … ${history.losses.length - 1}`);
    if (!Number.isFinite(loss)) throw new LangevinError('non_finite', `the loss at time ${t} is ${loss}`);
    changed.set(t, [...before, loss].slice(-history.perTime));
  }
  return { ...history, losses: history.losses.map((before, t) => changed.get(t) ?? before) };
}

/**
 * p_t ∝ √E[L_t²] of the last losses, mixed with a small part of equal probabilities; all equal until every time has as many losses as are kept (Nichol &
 * Dhariwal 2021, §3.3 and eq. 18). Sums to 1.
 */
export function secondMomentProbabilities({ losses, perTime }: LossHistory, uniformShare = 1e-3): Float64Array {
  const count = losses.length;
  if (losses.some((all) => all.length < perTime)) return new Float64Array(count).fill(1 / count);
  const roots = losses.map((all) => Math.sqrt(all.reduce((sum, loss) => sum + loss * loss, 0)));
  const total = roots.reduce((sum, root) => sum + root, 0);
  return Float64Array.from(roots, (root) => (total > 0 ? (1 - uniformShare) * (root / total) : (1 - uniformShare) / count) + uniformShare / count);
}

/**
 * p_t ∝ g²/σ²: with it the error of ε at each time counts as much as likelihood weighting has it, with weights that are all the same (Song et al. 2021b,
 * §5.1). Sums to 1.
 */
export function likelihoodTimeProbabilities(process: DdpmProcess): Float64Array {
  const parts = Float64Array.from({ length: process.numTrainTimesteps }, (_, t) => lossWeight('likelihood', 'epsilon', process, t));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

/** A time, and what its loss is multiplied by, so that the mean over draws is the mean over all times. */
export interface ImportantTime {
  readonly t: number;
  readonly weight: number;
}

/**
 * The time that a uniform number in [0, 1) stands for under these probabilities, and its weight 1/(T·p_t).
 * @throws LangevinError `invalid_argument` for a number outside [0, 1)
 */
export function importantTime(probabilities: Float64Array, uniform: number): ImportantTime {
  if (!(uniform >= 0 && uniform < 1)) throw new LangevinError('invalid_argument', `needs a number from 0 to less than 1, got ${uniform}`);
  let left = uniform;
  let t = 0;
  for (; t < probabilities.length - 1 && left >= probabilities[t]!; t++) left -= probabilities[t]!;
  return { t, weight: 1 / (probabilities.length * probabilities[t]!) };
}
