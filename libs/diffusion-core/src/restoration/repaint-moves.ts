import { LangevinError } from '@langevin/contracts';

/** A way through a grid that goes back: from one place of it to a neighbour. Place 0 is its first time, place n what its last step leads to. */
export interface RepaintMove {
  readonly from: number;
  /** from + 1: a step of the grid; from − 1: noise is added again. */
  readonly to: number;
}

/** How often and how far RePaint goes back. */
export interface RepaintSchedule {
  /** j: steps that a jump goes back. @default 10 */
  readonly jumpLength?: number;
  /** r: how often each stretch of j steps is gone through; 1 never goes back. @default 10 */
  readonly resamples?: number;
}

/**
 * The moves of RePaint through a grid of so many steps (Lugmayr et al. 2022, appendix A, figure 9): where 1, 1 + j, 1 + 2j, … steps are left, as long as j steps lie before, it
 * goes back j steps, r − 1 times, before it goes on.
 *
 * @throws LangevinError `invalid_argument` unless both are whole numbers of at least 1
 */
export function repaintMoves(steps: number, { jumpLength = 10, resamples = 10 }: RepaintSchedule = {}): RepaintMove[] {
  for (const [name, value] of Object.entries({ jumpLength, resamples })) {
    if (!Number.isInteger(value) || value < 1) throw new LangevinError('invalid_argument', `${name} ${value} is not a whole number of at least 1`);
  }
  const jumpsLeft = Array.from({ length: steps + 1 }, (_, left) => ((left - 1) % jumpLength === 0 && left > 0 && left <= steps - jumpLength ? resamples - 1 : 0));
  const moves: RepaintMove[] = [];
  let left = steps;
  const move = (by: number): void => {
    moves.push({ from: steps - left, to: steps - left - by });
    left += by;
  };
  while (left > 0) {
    move(-1);
    if (jumpsLeft[left]! > 0) {
      jumpsLeft[left]! -= 1;
      for (let i = 0; i < jumpLength; i++) move(1);
    }
  }
  return moves;
}
