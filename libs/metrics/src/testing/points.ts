import type { MetricPoint } from '@langevin/contracts/api';

/** What a run records at a step: every value follows from the step and `salt`. */
export function pointAt(step: number, salt = 0): MetricPoint {
  return {
    step,
    time: new Date(1_700_000_000_000 + step * 1000).toISOString(),
    loss: 1 / step + salt,
    learningRate: 0.25,
    gradientNorm: step % 7,
    imagesPerSecond: 64,
  };
}
