import { LangevinError } from '@langevin/contracts';
import { levelValues } from '../likelihood/levels.js';
import { stableExp } from '../rng/stable-power.js';
import type { AnsStack } from './ans-stack.js';
import { symbolAt, symbolStarts } from './symbol-law.js';

/** −½z² below which a level is as good as impossible: it keeps one place of the 2²⁰. */
const NEGLIGIBLE = -40;

/** The first noise level: x = αx₀ + σε. */
export interface FirstLevel {
  readonly alpha: number;
  readonly sigma: number;
}

/**
 * Codes levels given their noisy values, under the law of a `bayes` decoder: p ∝ π(level)·N(x; α·value, σ²) (Kingma et al. 2021, eq. 13). The same bits on
 * every platform.
 */
export class LevelCode {
  readonly #means: Float64Array;
  readonly #prior: ArrayLike<number>;
  readonly #sigma: number;
  readonly #weights: Float64Array;
  readonly #starts: Uint32Array;

  /**
   * @param prior π, one number above 0 for each of the levels; need not sum to 1
   * @throws LangevinError `invalid_argument` for fewer than two levels, or a π that has another number than above 0
   */
  constructor({ alpha, sigma }: FirstLevel, prior: ArrayLike<number>) {
    const least = Math.min(...Array.from(prior));
    if (!(least > 0)) throw new LangevinError('invalid_argument', `every level needs a frequency above 0, the least is ${least}`);
    this.#means = Float64Array.from(levelValues(prior.length), (value) => alpha * value);
    this.#prior = prior;
    this.#sigma = sigma;
    this.#weights = new Float64Array(prior.length);
    this.#starts = new Uint32Array(prior.length + 1);
  }

  /** Pushes the level of a value whose noisy value is x. */
  push(stack: AnsStack, level: number, x: number): void {
    const starts = this.#startsAt(x);
    stack.push(starts[level]!, starts[level + 1]! - starts[level]!);
  }

  /** Pops the level of a value whose noisy value is x. */
  pop(stack: AnsStack, x: number): number {
    const starts = this.#startsAt(x);
    const level = symbolAt(starts, stack.peek());
    stack.pop(starts[level]!, starts[level + 1]! - starts[level]!);
    return level;
  }

  #startsAt(x: number): Uint32Array {
    const nearest = this.#means.reduce((least, mean) => Math.min(least, Math.abs(x - mean)), Number.POSITIVE_INFINITY) / this.#sigma;
    for (let level = 0; level < this.#weights.length; level++) {
      const z = (x - this.#means[level]!) / this.#sigma;
      const exponent = (nearest * nearest - z * z) / 2; // Relative to the nearest level, so that not all become 0.
      this.#weights[level] = exponent < NEGLIGIBLE ? 0 : this.#prior[level]! * stableExp(exponent);
    }
    return symbolStarts(this.#weights, this.#starts);
  }
}
