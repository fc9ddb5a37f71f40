import { LangevinError } from '@langevin/contracts';

/** A learning rate over the steps of a training. */
export interface LearningRateOptions {
  /** The largest rate. */
  readonly learningRate: number;
  /** Steps of the linear warm-up; 0 for none. */
  readonly warmupSteps: number;
  /** What follows: the full rate for ever, or a straight line down to 0. */
  readonly learningRateDecay: 'none' | 'linear';
  /** All steps of the training. Only a rate that falls depends on them. */
  readonly steps: number;
}

/**
 * Learning rate of step s, counted from 0. It rises: learningRate·(s + 1)/warmupSteps; then it stays, or falls:
 * learningRate·(steps − s)/(steps − warmupSteps), by which every step is worth less than the one before, the way that does best after a
 * short training (Defazio et al. 2023, "Optimal linear decay learning rate schedules and further refinements"). No step is wasted at 0;
 * the last warm-up step has the full rate. A float32 value.
 *
 * @throws LangevinError `invalid_argument` unless s is a whole number of at least 0, and below `steps` if the rate falls
 */
export function learningRateAt(step: number, { learningRate, warmupSteps, learningRateDecay, steps }: LearningRateOptions): number {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new LangevinError('invalid_argument', `steps count from 0, got ${step}`);
  }
  if (step + 1 < warmupSteps) return Math.fround((learningRate * (step + 1)) / warmupSteps);
  if (learningRateDecay === 'none' || step < warmupSteps) return Math.fround(learningRate);
  if (step >= steps) throw new LangevinError('invalid_argument', `the learning rate has fallen to 0 after ${steps} steps, and there is none at step ${step}`);
  return Math.fround((learningRate * (steps - step)) / (steps - warmupSteps));
}
