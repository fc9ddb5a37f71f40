import { LangevinError } from '@langevin/contracts';
import { stableExp } from '../rng/stable-power.js';
import type { AnsStack } from './ans-stack.js';
import { symbolAt, symbolStarts } from './symbol-law.js';

/** So many deviations on either side have a symbol of their own. */
const REACH = 6;
/** Means are rounded to so many places a deviation, which costs less than 1e-5 bits a number. */
const PLACES = 128;
/** Means lie below it, 2²⁹, so that 31 bits hold every distance. */
const LIMIT = 536870912;

/**
 * The normal law on whole numbers: P(k) ∝ exp(−(k − mean)²/(2r²)), whose variance is r² to within 1e-6 of it from r = 1 on, and whose divergence from the
 * same law around another mean is that of the normal laws. It ends 6 deviations from its mean; where it has tails, each number beyond is coded by how far
 * out it lies, so that none is impossible at any mean. The same bits on every platform: tables come from + − × ÷ alone.
 */
export class LatticeNormal {
  readonly #deviation: number;
  readonly #reach: number;
  readonly #phases: number;
  /** Symbols for all that lies beyond, at either end. */
  readonly #tail: number;
  /** For each fraction of the mean that was needed: where the symbols around its whole part start. */
  readonly #tables: (Uint32Array | undefined)[] = [];

  /**
   * @param deviation r, in steps of the lattice; from 1 to 65,536
   * @throws LangevinError `invalid_argument` for another
   */
  constructor(deviation: number, { tails = false } = {}) {
    if (!(deviation >= 1 && deviation <= 65536)) throw new LangevinError('invalid_argument', `the lattice of a normal law has from 1 to 65,536 steps a deviation, got ${deviation}`);
    this.#deviation = deviation;
    this.#reach = Math.ceil(REACH * deviation);
    this.#phases = Math.ceil(PLACES / deviation);
    this.#tail = tails ? 1 : 0;
  }

  /** Pushes a number. @throws LangevinError `non_finite` for a mean that is no number; `invalid_argument` for a number beyond a law without tails */
  push(stack: AnsStack, value: number, mean: number): void {
    const { first, starts } = this.#lawAt(mean);
    const last = first + starts.length - 2;
    if (this.#tail === 0 && (value < first || value > last)) throw new LangevinError('invalid_argument', `${value} lies beyond a normal law around ${mean}`);
    const symbol = Math.min(Math.max(value, first), last) - first;
    if (this.#tail === 1 && symbol === 0) pushDistance(stack, first - value);
    if (this.#tail === 1 && symbol === last - first) pushDistance(stack, value - last);
    stack.push(starts[symbol]!, starts[symbol + 1]! - starts[symbol]!);
  }

  /** Pops a number. @throws LangevinError `non_finite` for a mean that is no number */
  pop(stack: AnsStack, mean: number): number {
    const { first, starts } = this.#lawAt(mean);
    const symbol = symbolAt(starts, stack.peek());
    stack.pop(starts[symbol]!, starts[symbol + 1]! - starts[symbol]!);
    if (this.#tail === 1 && symbol === 0) return first - popDistance(stack);
    if (this.#tail === 1 && symbol === starts.length - 2) return first + symbol + popDistance(stack);
    return first + symbol;
  }

  /** The symbols around a mean and the number that the first of them stands for. */
  #lawAt(mean: number): { first: number; starts: Uint32Array } {
    if (!(Math.abs(mean) < LIMIT)) throw new LangevinError('non_finite', `a normal law around ${mean} steps of its lattice cannot be coded: the denoiser gave no usable number`);
    const rounded = Math.round(mean * this.#phases);
    const whole = Math.floor(rounded / this.#phases);
    const phase = rounded - whole * this.#phases;
    return { first: whole - this.#reach - this.#tail, starts: (this.#tables[phase] ??= this.#table(phase / this.#phases)) };
  }

  #table(fraction: number): Uint32Array {
    const weights = new Float64Array(2 * (this.#reach + this.#tail) + 2);
    for (let symbol = this.#tail; symbol < weights.length - this.#tail; symbol++) {
      const offset = (symbol - this.#tail - this.#reach - fraction) / this.#deviation;
      weights[symbol] = stableExp(-(offset * offset) / 2);
    }
    return symbolStarts(weights);
  }
}

/** A number from 0 to 2³⁰, in about twice its own bits (Elias 1975, γ): how many bits follow its first one, and those. */
function pushDistance(stack: AnsStack, distance: number): void {
  const value = distance + 1;
  const width = 31 - Math.clz32(value);
  const high = Math.max(width - 16, 0);
  stack.pushBits(value % 2 ** (width - high), width - high);
  stack.pushBits(Math.floor(value / 65536) % 2 ** high, high);
  stack.pushBits(width, 5);
}

function popDistance(stack: AnsStack): number {
  const width = stack.popBits(5);
  const high = Math.max(width - 16, 0);
  const upper = stack.popBits(high) + (high > 0 ? 2 ** high : 0);
  const lower = stack.popBits(width - high);
  return (high > 0 ? upper * 65536 : 2 ** width) + lower - 1;
}
