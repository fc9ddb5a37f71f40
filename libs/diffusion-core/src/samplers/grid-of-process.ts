import type { GaussianProcess } from '../processes/gaussian-process.js';
import { timeOfRatio } from './noise-ratio.js';
import type { GridStep } from './timestep-grid.js';

/**
 * A grid of noises, as `karrasGrid` and `exponentialGrid` have them, at the times at which σ/α of a process in continuous time has these values; 0 is its first time, which has to
 * be clean.
 *
 * @throws LangevinError `invalid_argument` for a noise that the process does not come to, and for a process that is known at whole times only
 */
export function gridOfProcess(process: GaussianProcess, noises: readonly GridStep[]): GridStep[] {
  return noises.map(({ t, tPrev }) => ({ t: timeOfRatio(process, t), tPrev: timeOfRatio(process, tPrev) }));
}
