/** Where the time of a step went, in milliseconds. */
export interface StepTimes {
  /** Gradients, and applying the result. */
  readonly computeMs: number;
  /** Pulling the result. */
  readonly exchangeMs: number;
  /** The rest: the step waits for others. */
  readonly waitMs: number;
}

/** Splits the time from one applied step to the next by what this trainer did in it. */
export class StepStopwatch {
  readonly #clock: () => number;
  #startedAt: number | null = null;
  #spent = { compute: 0, exchange: 0 };
  #last: StepTimes | null = null;

  /** @param clock milliseconds of a clock that never goes back */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The last step that was applied; null before one. */
  get last(): StepTimes | null {
    return this.#last;
  }

  /** Does some work of the running step; the first of a step starts it. */
  async measure<T>(part: 'compute' | 'exchange', work: () => Promise<T>): Promise<T> {
    const from = this.#clock();
    this.#startedAt ??= from;
    try {
      return await work();
    } finally {
      this.#spent[part] += this.#clock() - from;
    }
  }

  /** The step was applied: the next one begins now. */
  finish(): void {
    const now = this.#clock();
    const { compute, exchange } = this.#spent;
    const total = now - (this.#startedAt ?? now);
    this.#last = { computeMs: compute, exchangeMs: exchange, waitMs: Math.max(0, total - compute - exchange) };
    this.#startedAt = now;
    this.#spent = { compute: 0, exchange: 0 };
  }
}
