import { LangevinError } from '@langevin/contracts';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import type { GridStep } from '../samplers/timestep-grid.js';

/** The steps from each of these times, largest first, to the next one. */
export function stepsThrough(times: readonly number[]): GridStep[] {
  return times.slice(1).map((tPrev, i) => ({ t: times[i]!, tPrev }));
}

/**
 * The first and the last time of a grid without gaps.
 * @throws LangevinError `invalid_argument` for no step, or a gap
 */
export function endsOf(grid: readonly GridStep[]): [first: number, last: number] {
  const gap = grid.findIndex(({ tPrev }, i) => i + 1 < grid.length && grid[i + 1]!.t !== tPrev);
  if (gap >= 0) throw new LangevinError('invalid_argument', `step ${gap} of a grid ends at ${grid[gap]!.tPrev}, and the next one begins at ${grid[gap + 1]!.t}`);
  const [first, last] = [grid[0], grid.at(-1)];
  if (first === undefined || last === undefined) throw new LangevinError('invalid_argument', 'a chain needs a step or more');
  return [first.t, last.tPrev];
}

/**
 * Steps through whole times, as even as those can be.
 * @throws LangevinError `invalid_argument` unless first and last are whole, and steps is from 1 to what lies between them
 */
export function evenGrid(first: number, last: number, steps = first - last): GridStep[] {
  if (![first, last, steps].every(Number.isInteger) || steps < 1 || steps > first - last) {
    throw new LangevinError('invalid_argument', `whole times from ${first} down to ${last} have no grid of ${steps} steps`);
  }
  return stepsThrough(Array.from({ length: steps + 1 }, (_, i) => Math.round(first + ((last - first) * i) / steps)));
}

/** Where a grid lies, and through which times. */
export interface LogSnrGridOptions {
  readonly first: number;
  readonly last: number;
  /** How many steps there are to be: fewer where they would be less than `stride` long. */
  readonly steps: number;
  /** Times are a multiple of this from the last one. 2 makes the middle of each step a whole time too. @default 1 */
  readonly stride?: number;
}

/**
 * Steps through whole times that change λ = ln(α²/σ²) as evenly as those can.
 * @throws LangevinError `invalid_argument` for fewer than one step, or where the first time is not later than the last by `stride`
 */
export function evenLogSnrGrid(process: GaussianProcess, { first, last, steps, stride = 1 }: LogSnrGridOptions): GridStep[] {
  const count = Math.floor((first - last) / stride);
  if (!(Number.isInteger(steps) && steps >= 1 && count >= 1)) throw new LangevinError('invalid_argument', `times from ${first} down to ${last} have no grid of ${steps} steps of at least ${stride}`);
  const logSnrs = Array.from({ length: count + 1 }, (_, i) => process.logSnr(last + i * stride));
  const [high, low] = [logSnrs[0]!, logSnrs[count]!]; // Two or more.
  const nearest = (logSnr: number): number => logSnrs.reduce((best, value, i) => (Math.abs(value - logSnr) < Math.abs(logSnrs[best]! - logSnr) ? i : best), 0);
  const indices = Array.from({ length: steps + 1 }, (_, i) => nearest(low + ((high - low) * i) / steps));
  return stepsThrough([...new Set(indices)].map((index) => last + index * stride));
}

/** How wrong a denoiser is at a time: the mean of ‖x₀ − x̂₀‖² over samples. */
export interface ErrorAtTime {
  readonly t: number;
  readonly squaredError: number;
}

/**
 * The grid of so many steps, of all that go through some of these times, on which Σ L_t is least: a step t → s of variance β̃ costs
 * ½·(SNR(s) − SNR(t))·‖x₀ − x̂₀(t)‖², and the shortest path through such costs is found exactly (Watson et al. 2021, algorithm 1).
 *
 * @param errors measured, at falling times, of which the first and the last are the ends
 * @throws LangevinError `invalid_argument` unless steps is from 1 to one less than there are times
 */
export function cheapestGrid(process: GaussianProcess, errors: readonly ErrorAtTime[], steps: number): GridStep[] {
  const count = errors.length;
  if (!Number.isInteger(steps) || steps < 1 || steps >= count) throw new LangevinError('invalid_argument', `${count} times have no grid of ${steps} steps`);
  const snr = errors.map(({ t }) => Math.exp(process.logSnr(t)));
  // cost[j]: of the best way from the first time to the j-th one in so many steps, the last of which comes from `from`.
  let cost = errors.map((_, j) => (j === 0 ? 0 : Number.POSITIVE_INFINITY));
  const froms = Array.from({ length: steps }, () => {
    const best = errors.map((_, j) => {
      let [from, least] = [0, Number.POSITIVE_INFINITY];
      for (let i = 0; i < j; i++) {
        const total = cost[i]! + (snr[j]! - snr[i]!) * errors[i]!.squaredError;
        if (total < least) [from, least] = [i, total];
      }
      return { from, least };
    });
    cost = best.map(({ least }) => least);
    return best.map(({ from }) => from);
  });
  const path = froms.reduceRight((later, from) => [from[later[0]!]!, ...later], [count - 1]);
  return stepsThrough(path.map((index) => errors[index]!.t));
}
