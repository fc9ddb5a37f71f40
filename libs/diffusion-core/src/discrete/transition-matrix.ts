import type { CategoricalProcess } from './categorical-process.js';

/**
 * Q of the jump from s to t, written out: row i is the law of x_t for x_s = i, [numStates][numStates] in float64. For tests, pictures and small chains;
 * nothing else needs it.
 *
 * @throws LangevinError `invalid_argument`, as `CategoricalProcess.transition`
 */
export function transitionMatrix(process: CategoricalProcess, s: number, t: number): Float64Array[] {
  const { kept, redrawn, masked } = process.transition(s, t);
  const states = Array.from({ length: process.numStates }, (_, i) => i);
  const entry = (from: number, to: number): number => {
    if (from === process.maskState) return to === from ? 1 : 0;
    if (to === process.maskState) return masked;
    return redrawn + (to === from ? kept : 0);
  };
  return states.map((from) => Float64Array.from(states, (to) => entry(from, to)));
}
