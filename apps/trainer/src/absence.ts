/** Between two attempts to reach a coordinator that is away, in ms. */
const firstPauseMs = 100;
const longestPauseMs = 1000;
/** How often people are told that it still is. */
const remindMs = 30_000;

/** How long a coordinator has been away, how long to wait before it is tried again, and what people are told of it. */
export class Absence {
  readonly #clock: () => number;
  readonly #log: (line: string) => void;
  #sinceMs: number | null = null;
  #remindedMs = -Infinity;
  #pauseMs = firstPauseMs;

  /** @param clock milliseconds of a clock that never goes back */
  constructor(clock: () => number, log: (line: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  /** It is there. */
  end(): void {
    if (this.#sinceMs !== null) this.#log(`the coordinator is back after ${((this.#clock() - this.#sinceMs) / 1000).toFixed(1)} s`);
    this.#sinceMs = null;
    this.#remindedMs = -Infinity;
    this.#pauseMs = firstPauseMs;
  }

  /** It could not be reached, for the reason that `describe` says; gives how long to wait, in ms. */
  goOn(describe: () => string): number {
    const now = this.#clock();
    this.#sinceMs ??= now;
    if (now - this.#remindedMs > remindMs) {
      this.#remindedMs = now;
      this.#log(describe());
    }
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    return pauseMs;
  }
}
