import type { VectorArena } from '../vector-arena.js';

/** Room for what is pulled, cut from whole vectors of the arena. What was given back last is given out first: it is still in the cache. */
export class LandingSpace {
  readonly #arena: VectorArena;
  readonly #vectors: number[] = [];
  /** Bytes taken of the last vector. */
  #used = 0;
  /** Given back, by size. */
  readonly #free = new Map<number, number[]>();

  constructor(arena: VectorArena) {
    this.#arena = arena;
  }

  /** Address of so many bytes, at most a vector's. */
  take(bytes: number): number {
    const known = this.#free.get(bytes)?.pop();
    if (known !== undefined) return known;
    const needed = Math.ceil(bytes / 64) * 64;
    if (this.#vectors.length === 0 || this.#used + needed > this.#arena.stride) {
      this.#vectors.push(this.#arena.takeAddress());
      this.#used = 0;
    }
    const address = this.#vectors.at(-1)! + this.#used; // One was pushed.
    this.#used += needed;
    return address;
  }

  /** So many bytes, taken as such, are needed no more. */
  give(address: number, bytes: number): void {
    const known = this.#free.get(bytes);
    if (known) known.push(address);
    else this.#free.set(bytes, [address]);
  }

  free(): void {
    for (const address of this.#vectors.splice(0)) this.#arena.freeAddress(address);
    this.#free.clear();
  }
}
