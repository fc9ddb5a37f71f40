import type { VectorArena } from '../vector-arena.js';

/** Room for what is pulled, cut from whole vectors of the arena and given back all at once. */
export class LandingSpace {
  readonly #arena: VectorArena;
  readonly #vectors: number[] = [];
  /** Bytes taken of the last vector. */
  #used = 0;

  constructor(arena: VectorArena) {
    this.#arena = arena;
  }

  /** Address of so many bytes, at most a vector's. */
  take(bytes: number): number {
    const needed = Math.ceil(bytes / 64) * 64;
    if (this.#vectors.length === 0 || this.#used + needed > this.#arena.stride) {
      this.#vectors.push(this.#arena.takeAddress());
      this.#used = 0;
    }
    const address = this.#vectors.at(-1)! + this.#used; // One was pushed.
    this.#used += needed;
    return address;
  }

  free(): void {
    for (const address of this.#vectors.splice(0)) this.#arena.freeAddress(address);
  }
}
