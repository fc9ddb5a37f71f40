interface Due {
  readonly atMs: number;
  readonly turn: number;
  readonly run: () => void;
}

/** Time that passes only from one event to the next; events of one moment come in the order in which they were planned. */
export class VirtualClock {
  nowMs = 0;
  events = 0;
  readonly #due: Due[] = [];
  #turns = 0;

  after(ms: number, run: () => void): void {
    this.#push({ atMs: this.nowMs + Math.max(0, ms), turn: this.#turns++, run });
  }

  /** Runs until `isOver`, or nothing is due up to then. */
  runUntil(endMs: number, isOver: () => boolean): void {
    for (let next = this.#due[0]; next && next.atMs <= endMs && !isOver(); next = this.#due[0]) {
      this.#pop();
      this.nowMs = next.atMs;
      this.events++;
      next.run();
    }
  }

  #push(due: Due): void {
    const heap = this.#due;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(due, heap[parent]!)) break; // Above it in the heap.
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#due;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++; // Both are within the heap.
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.turn < b.turn);
}
