import type { VectorArena } from '../vector-arena.js';

/** A vector that is given back when its owner has released it and nobody who is being sent from it needs it any more. */
export class PinnedVector {
  readonly address: number;
  readonly #arena: VectorArena;
  #holds = 1;
  #isReleased = false;

  constructor(arena: VectorArena, address: number) {
    this.#arena = arena;
    this.address = address;
  }

  pin(): void {
    this.#holds++;
  }

  unpin(): void {
    this.#holds--;
    if (this.#holds === 0) this.#arena.freeAddress(this.address);
  }

  /** The owner needs it no more. Safe to call twice. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.unpin();
  }
}
