import { LangevinError } from '@langevin/contracts';
import type { GaussianProcess } from './gaussian-process.js';

/**
 * The time at which ln(α²/σ²) of a process in continuous time has this value: the inverse of `logSnr`, by halving, to the last digit that counts.
 *
 * @throws LangevinError `invalid_argument` for a value that the process does not come to between tMin and tMax
 */
export function timeOfLogSnr(process: GaussianProcess, logSnr: number): number {
  let [early, late] = [process.tMin, process.tMax];
  if (!(process.logSnr(early) >= logSnr && logSnr >= process.logSnr(late))) {
    throw new LangevinError('invalid_argument', `a log-SNR of ${logSnr} lies outside ${process.logSnr(early)} … ${process.logSnr(late)}, which the process goes through`);
  }
  for (;;) {
    const middle = early + (late - early) / 2;
    // No number lies between: the two are neighbours.
    if (middle === early || middle === late) return process.logSnr(early) <= logSnr ? early : late;
    if (process.logSnr(middle) > logSnr) early = middle;
    else late = middle;
  }
}
