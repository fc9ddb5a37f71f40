import { LangevinError } from '@langevin/contracts';
import { PhiloxStream } from '../rng/philox-stream.js';

/** Frequencies of the symbols of every law add up to it: 2²⁰. */
export const ansTotal = 1048576;

const WORD = 65536;
/** The state lies in [2³², 2⁴⁸): all sums and products of the coder are exact in double precision. */
const STATE_FLOOR = 4294967296;
const STATE_CEILING = STATE_FLOOR * WORD;
const STATE_WORDS = 3;

/**
 * A stack of symbols, each pushed and popped under a law of its own, which takes Σ −log₂(frequency/2²⁰) bits: asymmetric numeral systems (Duda 2014,
 * "rANS"; as a stack: Townsend et al. 2019, §2.3). Popping under a law what was never pushed draws from that law: the bits come from what lies on the
 * stack and, below its bottom, from a seed. Pushing them again gives them back.
 */
export class AnsStack {
  readonly #seed: number;
  readonly #seedStream: PhiloxStream;
  #words = new Uint16Array(1024);
  #count = 0;
  #state: number;
  #seedWords = 0;

  /** @param seed whose bits lie below the bottom */
  constructor(seed = 0) {
    this.#seed = seed;
    this.#seedStream = new PhiloxStream({ seed, purpose: 'codeSeed' });
    this.#state = STATE_FLOOR + this.#seedStream.uint32();
  }

  /** A stack as `toWords` gave it. @throws LangevinError `invalid_argument` for what is none */
  static fromWords(words: Uint16Array, seed = 0): AnsStack {
    const stack = new AnsStack(seed);
    const count = words.length - STATE_WORDS;
    const state = count < 0 ? 0 : words[count]! + WORD * (words[count + 1]! + WORD * words[count + 2]!);
    if (state < STATE_FLOOR) throw new LangevinError('invalid_argument', 'these words are no stack of symbols: they end too early, or are damaged');
    stack.#words = words.slice(0, Math.max(count, 1));
    stack.#count = count;
    stack.#state = state;
    return stack;
  }

  /** The whole stack, top last. */
  toWords(): Uint16Array {
    const words = new Uint16Array(this.#count + STATE_WORDS);
    words.set(this.#words.subarray(0, this.#count));
    words.set([this.#state % WORD, Math.floor(this.#state / WORD) % WORD, Math.floor(this.#state / STATE_FLOOR)], this.#count);
    return words;
  }

  /** How many bits lie on the stack, those of the seed included; less than one bit on an empty one. */
  get bits(): number {
    return 16 * this.#count + Math.log2(this.#state / STATE_FLOOR);
  }

  /** How many bits were taken from the seed. */
  get seedBits(): number {
    return 16 * this.#seedWords;
  }

  /** Whether nothing lies on it but `seedBits` bits of the seed in their order: everything that was pushed has been popped. */
  holdsOnly(seedBits: number): boolean {
    const seed = new PhiloxStream({ seed: this.#seed, purpose: 'codeSeed' });
    if (this.#state !== STATE_FLOOR + seed.uint32() || 16 * this.#count !== seedBits) return false;
    for (let i = this.#count - 1; i >= 0; i--) if (this.#words[i] !== seedWord(seed)) return false;
    return true;
  }

  /**
   * Pushes a symbol that has the places start … start + frequency − 1 of the 2²⁰.
   * @throws LangevinError `invalid_argument` for a symbol without a place
   */
  push(start: number, frequency: number): void {
    if (!(frequency > 0 && start >= 0 && start + frequency <= ansTotal)) {
      throw new LangevinError('invalid_argument', `a symbol cannot have the places from ${start} to ${start + frequency - 1}: there are ${ansTotal}, and each needs one or more`);
    }
    while (this.#state >= frequency * (STATE_CEILING / ansTotal)) {
      this.#pushWord(this.#state % WORD);
      this.#state = Math.floor(this.#state / WORD);
    }
    this.#state = Math.floor(this.#state / frequency) * ansTotal + (this.#state % frequency) + start;
  }

  /** The place, 0 … 2²⁰ − 1, that names the symbol on top. */
  peek(): number {
    return this.#state % ansTotal;
  }

  /** Pops the symbol on top, whose places they are. */
  pop(start: number, frequency: number): void {
    this.#state = frequency * Math.floor(this.#state / ansTotal) + this.peek() - start;
    while (this.#state < STATE_FLOOR) this.#state = this.#state * WORD + this.#popWord();
  }

  /** Pushes a number below 2^width as it is, width from 0 to 20. */
  pushBits(value: number, width: number): void {
    const size = ansTotal >>> width;
    this.push(value * size, size);
  }

  /** Pops such a number. */
  popBits(width: number): number {
    const size = ansTotal >>> width;
    const value = Math.floor(this.peek() / size);
    this.pop(value * size, size);
    return value;
  }

  #pushWord(word: number): void {
    if (this.#count === this.#words.length) {
      const larger = new Uint16Array(2 * this.#count);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#count++] = word;
  }

  #popWord(): number {
    if (this.#count > 0) return this.#words[--this.#count]!;
    this.#seedWords += 1;
    return seedWord(this.#seedStream);
  }
}

function seedWord(stream: PhiloxStream): number {
  return stream.uint32() >>> 16;
}
