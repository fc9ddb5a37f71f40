import { LangevinError } from '@langevin/contracts';
import { cosTurn, logUniform, sinTurn } from './elementary.js';
import { mulHighUint32, philoxBlock } from './philox.js';
import { Purpose, type PurposeName } from './purpose.js';

const UINT32 = 4294967296;

/** What distinguishes one stream of random numbers from every other. */
export interface StreamId {
  /** Seed of the job: an integer from 0 to 2⁵³−1, or a bigint from 0 to 2⁶⁴−1. Equal values mean equal seeds. */
  readonly seed: number | bigint;
  /** What the numbers are for. */
  readonly purpose: PurposeName;
  /** Training or sampling step, 0 … 2³²−1. @default 0 */
  readonly step?: number;
  /** Index of the sample, 0 … 2³²−1. @default 0 */
  readonly sample?: number;
}

/**
 * Splits a seed into the two words of a Philox key, low word first.
 *
 * @throws LangevinError `invalid_argument` outside 0 … 2⁶⁴−1, or a number that is no safe integer
 */
export function seedKey(seed: number | bigint): [number, number] {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new LangevinError('invalid_argument', `seed ${seed} is not a safe integer; pass a bigint for large seeds`);
  }
  const wide = BigInt(seed);
  if (wide < 0n || wide >> 64n !== 0n) {
    throw new LangevinError('invalid_argument', `seed ${wide} lies outside 0 … 2^64-1`);
  }
  return [Number(wide & 0xffffffffn), Number(wide >> 32n)];
}

function checkUint32(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= UINT32) {
    throw new LangevinError('invalid_argument', `${name} ${value} is not an integer from 0 to ${UINT32 - 1}`);
  }
  return value;
}

/**
 * Random numbers that are a pure function of (seed, purpose, step, sample): no worker, batch or call order enters.
 * Philox-4x32-10 with key = seed and counter = (block, sample, step, purpose); block counts from 0 within a stream,
 * 2³² blocks of four words at most. Every method gives identical bits on every platform.
 */
export class PhiloxStream {
  readonly #key0: number;
  readonly #key1: number;
  readonly #sample: number;
  readonly #step: number;
  readonly #purpose: number;
  readonly #words = new Uint32Array(4);
  #block = 0;
  #unused = 0;

  /** @throws LangevinError `invalid_argument` when seed, step or sample is out of range */
  constructor(id: StreamId) {
    [this.#key0, this.#key1] = seedKey(id.seed);
    this.#sample = checkUint32('sample', id.sample ?? 0);
    this.#step = checkUint32('step', id.step ?? 0);
    this.#purpose = Purpose[id.purpose];
  }

  #nextBlock(): Uint32Array {
    const words = this.#words;
    philoxBlock(this.#block, this.#sample, this.#step, this.#purpose, this.#key0, this.#key1, words);
    this.#block += 1;
    return words;
  }

  /** The next word, 0 … 2³²−1. */
  uint32(): number {
    if (this.#unused === 0) {
      this.#nextBlock();
      this.#unused = 4;
    }
    const word = this.#words[4 - this.#unused]!;
    this.#unused -= 1;
    return word;
  }

  /** A multiple of 2⁻²⁴ in [0, 1): exact as float32. Uses one word. */
  uniform(): number {
    return (this.uint32() >>> 8) / 16777216;
  }

  /**
   * An integer from 0 to n−1, every one equally likely (Lemire 2019, "Fast random integer generation in an interval":
   * words that would favour some values are rejected, so a draw may use several).
   *
   * @throws LangevinError `invalid_argument` unless 1 ≤ n < 2³²
   */
  uniformInt(n: number): number {
    checkUint32('n', n);
    if (n === 0) throw new LangevinError('invalid_argument', 'uniformInt needs n of at least 1, got 0');
    const threshold = (UINT32 - n) % n;
    for (;;) {
      const word = this.uint32();
      if (Math.imul(word, n) >>> 0 >= threshold) return mulHighUint32(word, n);
    }
  }

  /** Fills `out` with uniform numbers, as `uniform()` would one by one. */
  fillUniform(out: Float32Array): Float32Array {
    for (let i = 0; i < out.length; i++) out[i] = this.uniform();
    return out;
  }

  /**
   * Fills `out` with independent standard normal numbers (Box & Muller 1958, on 32-bit uniforms: |z| ≤ 6.77).
   * Begins at a fresh block and uses one for each four numbers, so `out` of a longer call begins like that of a
   * shorter one.
   */
  fillNormal(out: Float32Array): Float32Array {
    this.#unused = 0;
    const last = out.length;
    for (let i = 0; i < last; i += 4) {
      const words = this.#nextBlock();
      const radius0 = Math.sqrt(-2 * logUniform(words[0]!));
      const radius1 = Math.sqrt(-2 * logUniform(words[2]!));
      // Writes beyond the end of a typed array are ignored: the last block may be used in part.
      out[i] = radius0 * cosTurn(words[1]!);
      out[i + 1] = radius0 * sinTurn(words[1]!);
      out[i + 2] = radius1 * cosTurn(words[3]!);
      out[i + 3] = radius1 * sinTurn(words[3]!);
    }
    return out;
  }
}
