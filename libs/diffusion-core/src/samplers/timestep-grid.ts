import { LangevinError } from '@langevin/contracts';

/** One reverse step: from time t to the smaller time tPrev; −1 is clean data. */
export interface GridStep {
  readonly t: number;
  readonly tPrev: number;
}

/** How inference steps are spread over the training steps, by diffusers' names (Lin et al. 2024, table 2). */
export type TimestepSpacing = 'leading' | 'trailing' | 'linspace';

/** Options of `timestepGrid`. */
export interface TimestepGridOptions {
  /** T. @default 1000 */
  readonly numTrainTimesteps?: number;
  /** Added to each time of a `leading` grid, diffusers' `steps_offset`. @default 0 */
  readonly stepsOffset?: number;
}

/** Nearest integer, halves to the even one, as numpy rounds. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function timeAt(i: number, n: number, spacing: TimestepSpacing, steps: number, offset: number): number {
  switch (spacing) {
    case 'leading':
      return (n - 1 - i) * Math.floor(steps / n) + offset;
    case 'trailing':
      return roundHalfEven(steps - (i * steps) / n) - 1;
    case 'linspace':
      return n === 1 ? steps - 1 : roundHalfEven(((n - 1 - i) * (steps - 1)) / (n - 1));
  }
}

/**
 * The n reverse steps of a sampler, largest time first, the last one ending in clean data (−1). Each step names both of
 * its ends: no sampler ever derives tPrev again. Times are those of diffusers' `set_timesteps`, except that a one-step
 * `linspace` grid begins at T−1, where numpy's would begin, uselessly, at 0.
 *
 * @throws LangevinError `invalid_argument` unless 1 ≤ n ≤ T and every time lies in 0 … T−1
 */
export function timestepGrid(n: number, spacing: TimestepSpacing, options: TimestepGridOptions = {}): GridStep[] {
  const { numTrainTimesteps: steps = 1000, stepsOffset: offset = 0 } = options;
  if (!Number.isInteger(n) || n < 1 || n > steps) {
    throw new LangevinError('invalid_argument', `a grid needs 1 to ${steps} steps (num_train_timesteps), got ${n}`);
  }
  const times = Array.from({ length: n }, (_, i) => timeAt(i, n, spacing, steps, offset));
  const outside = times.find((t) => !Number.isInteger(t) || t < 0 || t >= steps);
  if (outside !== undefined) {
    throw new LangevinError('invalid_argument', `stepsOffset ${offset} puts time ${outside} outside 0 … ${steps - 1}`);
  }
  return times.map((t, i) => ({ t, tPrev: times[i + 1] ?? -1 }));
}
