/** A coordinator says something every two seconds. */
const limitMs = 6000;
/** One that has said nothing for longer may not run. */
const doubtMs = 2300;
const tickMs = 500;

/** Notices when nothing is heard any more from a coordinator whose connection still stands: its process, or its machine, does not run. */
export class Silence implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #clock: () => number;
  #heardMs: number;
  #lookedMs: number;

  /** @param clock milliseconds of a clock that never goes back @param onSilent called once */
  constructor(clock: () => number, onSilent: (silentMs: number) => void) {
    this.#clock = clock;
    this.#heardMs = this.#lookedMs = clock();
    this.#timer = setInterval(() => {
      const now = clock();
      // Who did not run itself could hear nobody.
      if (now - this.#lookedMs > 3 * tickMs) this.#heardMs = Math.max(this.#heardMs, now);
      this.#lookedMs = now;
      if (now - this.#heardMs <= limitMs) return;
      clearInterval(this.#timer);
      onSilent(now - this.#heardMs);
    }, tickMs);
  }

  /** Whether the coordinator has been silent for longer than one that runs. */
  get isDoubtful(): boolean {
    return this.#clock() - this.#heardMs > doubtMs;
  }

  heard(): void {
    this.#heardMs = this.#lookedMs;
  }

  /** Nobody listens until something is heard again. */
  hold(): void {
    this.#heardMs = Infinity;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
