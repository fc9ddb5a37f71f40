import { LangevinError } from '@langevin/contracts';
import { permutation } from './permutation.js';

/** What the order of a job's samples follows from. How many trainers there are is not part of it. */
export interface SampleOrder {
  /** The job's seed. */
  readonly seed: number;
  /** Samples of the dataset's split. */
  readonly samples: number;
  /** Samples a step: virtual workers times micro-batch. */
  readonly globalBatch: number;
}

/** One place in a step's batch. */
export interface BatchSlot {
  /** Which pass over the dataset, from 0. */
  readonly epoch: number;
  /** Sample of the split, 0 … samples−1. Of a place that pads it is a real sample too, so that its values are finite. */
  readonly index: number;
  /** 1, or 0 for a place that pads the last step of an epoch: it must add nothing to any sum. */
  readonly weight: 0 | 1;
}

/** Steps of one epoch; the last one may be padded. */
export function stepsPerEpoch(order: SampleOrder): number {
  return Math.ceil(order.samples / order.globalBatch);
}

/**
 * The sample at a slot of a step. Each epoch goes once through a permutation of its own; where `globalBatch` does
 * not divide `samples`, the last step of an epoch ends in slots of weight 0. So every sample has weight 1 exactly once an
 * epoch, whatever the sizes are, and any step is found without those before it.
 *
 * @param step from 1
 * @param slot 0 … globalBatch−1: virtual worker times micro-batch plus the place in the micro-batch
 * @throws LangevinError `invalid_argument`
 */
export function sampleAt(order: SampleOrder, step: number, slot: number): BatchSlot {
  checkStep(step, 1);
  if (!Number.isInteger(slot) || slot < 0 || slot >= order.globalBatch) {
    throw new LangevinError('invalid_argument', `slot ${slot} is not an integer from 0 to ${order.globalBatch - 1}`);
  }
  const perEpoch = stepsPerEpoch(order);
  const epoch = Math.floor((step - 1) / perEpoch);
  const position = ((step - 1) % perEpoch) * order.globalBatch + slot;
  const index = permutation(order.seed, epoch, order.samples)(position % order.samples);
  return { epoch, index, weight: position < order.samples ? 1 : 0 };
}

/** Samples with weight 1 in the steps 1 … `step`; a sample counts once for each epoch that it was seen in. */
export function samplesSeen(order: SampleOrder, step: number): number {
  checkStep(step, 0);
  const perEpoch = stepsPerEpoch(order);
  const started = (step % perEpoch) * order.globalBatch;
  return Math.floor(step / perEpoch) * order.samples + started;
}

function checkStep(step: number, min: number): void {
  if (!Number.isSafeInteger(step) || step < min) throw new LangevinError('invalid_argument', `step ${step} is not an integer of at least ${min}`);
}
