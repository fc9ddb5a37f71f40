import { LangevinError } from '@langevin/contracts';

/** What becomes of a data state between two times: kept + K·redrawn + masked = 1. The mask, where there is one, stays the mask. */
export interface Transition {
  /** α: nothing has happened to it. */
  readonly kept: number;
  /** β: it has become this state, one of the K, by chance; every one equally likely, the one before included. */
  readonly redrawn: number;
  /** γ: it has become the mask. */
  readonly masked: number;
}

/**
 * A forward process of states 0 … K−1, and of a mask, state K, in the processes that have one. Every position of a sample changes by itself: a
 * state is kept, drawn anew among the K, or masked (Gu et al. 2022, eq. 7–8). Without a mask that is D3PM's uniform process, without new draws its
 * absorbing one (Austin et al. 2021, appendix A.2). Products of such matrices are such matrices, so that none is ever written out.
 *
 * Times are those of DDPM: 0 … T−1, and −1 for clean data. The papers' t is one more.
 */
export interface CategoricalProcess {
  /** K, the states that data have. */
  readonly numClasses: number;
  /** K + 1 with a mask, K without. */
  readonly numStates: number;
  /** K, the state that stands for nothing; undefined in a process without a mask. */
  readonly maskState: number | undefined;
  /** T. */
  readonly numTrainTimesteps: number;
  /** What the state at T−1 is taken to be when sampling begins: [numStates], the law of x_{T−1} of data in which all K are equally likely. */
  readonly prior: Float64Array;
  /**
   * From time s to time t: one step for s = t − 1, q(x_t | x₀) for s = −1.
   *
   * @throws LangevinError `invalid_argument` unless both are whole and −1 ≤ s ≤ t ≤ T − 1
   */
  transition(s: number, t: number): Transition;
}

/** The levels of a process at its times 0 … T−1. */
export interface CategoricalLevels {
  /** K, at least 2. */
  readonly numClasses: number;
  /** ᾱ_t: how likely it is that nothing has happened until t. */
  readonly kept: ArrayLike<number>;
  /** 1 − γ̄_t: how likely it is that the state is no mask yet. Without it the process has no mask. */
  readonly unmasked?: ArrayLike<number>;
}

function checkLevels({ numClasses, kept, unmasked }: CategoricalLevels): void {
  if (!Number.isInteger(numClasses) || numClasses < 2) throw new LangevinError('invalid_spec', `a categorical process needs at least 2 classes, got ${numClasses}`);
  if (kept.length === 0) throw new LangevinError('invalid_spec', 'a categorical process needs at least one time');
  if (unmasked !== undefined && unmasked.length !== kept.length) {
    throw new LangevinError('invalid_spec', `a categorical process needs as many levels of "unmasked" as of "kept", got ${unmasked.length} and ${kept.length}`);
  }
  let [keptBefore, unmaskedBefore] = [1, 1];
  for (let t = 0; t < kept.length; t++) {
    const [a, u] = [kept[t]!, unmasked?.[t] ?? 1];
    const falls = a >= 0 && a <= u && u <= unmaskedBefore && a * unmaskedBefore <= keptBefore * u;
    if (!falls || keptBefore === 0) {
      throw new LangevinError(
        'invalid_spec',
        `time ${t}: kept ${a} and unmasked ${u} cannot follow ${keptBefore} and ${unmaskedBefore}: needs 0 ≤ kept ≤ unmasked, both falling, kept at least as fast, and no 0 before the last time`,
      );
    }
    [keptBefore, unmaskedBefore] = [a, u];
  }
}

/**
 * The process with these levels. Every jump is a quotient of levels, in float64.
 *
 * @throws LangevinError `invalid_spec` for levels that no process has
 */
export function categoricalProcess(levels: CategoricalLevels): CategoricalProcess {
  checkLevels(levels);
  const { numClasses, kept, unmasked } = levels;
  const steps = kept.length;
  const check = (t: number, first: number): number => {
    if (Number.isInteger(t) && t >= first && t < steps) return t;
    throw new LangevinError('invalid_argument', `time ${t} is not an integer from ${first} to ${steps - 1}`);
  };
  const keptAt = (t: number): number => kept[t] ?? 1;
  const unmaskedAt = (t: number): number => unmasked?.[t] ?? 1;
  const transition = (s: number, t: number): Transition => {
    check(t, check(s, -1));
    if (s === t) return { kept: 1, redrawn: 0, masked: 0 };
    const [alpha, rest] = [keptAt(t) / keptAt(s), unmaskedAt(t) / unmaskedAt(s)];
    return { kept: alpha, redrawn: (rest - alpha) / numClasses, masked: 1 - rest };
  };
  const last = unmaskedAt(steps - 1);
  const classes = new Array<number>(numClasses).fill(last / numClasses);
  return {
    numClasses,
    numStates: unmasked === undefined ? numClasses : numClasses + 1,
    maskState: unmasked === undefined ? undefined : numClasses,
    numTrainTimesteps: steps,
    prior: Float64Array.from(unmasked === undefined ? classes : [...classes, 1 - last]),
    transition,
  };
}
