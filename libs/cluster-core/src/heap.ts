/** The places of a list by their keys, least first; of equal keys the first place. */
export class Heap {
  readonly #keys: number[];
  readonly #order: number[];

  /** @param keys one for each place; at least one */
  constructor(keys: readonly number[]) {
    this.#keys = [...keys];
    this.#order = this.#keys.map((_, place) => place);
    for (let at = (this.#order.length >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** The place with the least key. */
  get least(): number {
    return this.#order[0]!; // There is at least one.
  }

  /** Gives the place with the least key a greater one. */
  raise(key: number): void {
    this.#keys[this.least] = key;
    this.#sink(0);
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < this.#order.length && this.#isBefore(child, first)) first = child;
      if (first === at) return;
      [this.#order[at], this.#order[first]] = [this.#order[first]!, this.#order[at]!]; // Both are within the list.
      at = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [x, y] = [this.#order[a]!, this.#order[b]!]; // Both are within the list.
    const difference = this.#keys[x]! - this.#keys[y]!;
    return difference < 0 || (difference === 0 && x < y);
  }
}
