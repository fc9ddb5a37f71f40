import { LangevinError } from '@langevin/contracts';

/** A constant learning rate with a linear warm-up. */
export interface LearningRateOptions {
  readonly learningRate: number;
  /** Steps of the warm-up; 0 for none. */
  readonly warmupSteps: number;
}

/**
 * Learning rate of step s, counted from 0: learningRate·min(1, (s + 1)/warmupSteps). No step is wasted at 0; the last
 * warm-up step has the full rate. A float32 value.
 *
 * @throws LangevinError `invalid_argument` unless s is a whole number of at least 0
 */
export function learningRateAt(step: number, { learningRate, warmupSteps }: LearningRateOptions): number {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new LangevinError('invalid_argument', `steps count from 0, got ${step}`);
  }
  return Math.fround(step + 1 < warmupSteps ? (learningRate * (step + 1)) / warmupSteps : learningRate);
}
