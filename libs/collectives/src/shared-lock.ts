/** A lock between threads, in one place of a shared array: 0 is open, 1 held, 2 held with others waiting. Held for moments. */
export class SharedLock {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #index: number;

  constructor(cells: Int32Array<SharedArrayBuffer>, index: number) {
    this.#cells = cells;
    this.#index = index;
  }

  /** What `work` returns, which no other thread's work overlaps. */
  hold<T>(work: () => T): T {
    if (Atomics.compareExchange(this.#cells, this.#index, 0, 1) !== 0) {
      while (Atomics.exchange(this.#cells, this.#index, 2) !== 0) Atomics.wait(this.#cells, this.#index, 2);
    }
    try {
      return work();
    } finally {
      if (Atomics.exchange(this.#cells, this.#index, 0) === 2) Atomics.notify(this.#cells, this.#index, 1);
    }
  }
}
