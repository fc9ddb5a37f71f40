/** Where the time of a step went, in milliseconds. */
export interface StepTimes {
  /** Gradients, and applying the result. */
  readonly computeMs: number;
  /** From this trainer's last gradient to the whole result: for the others' gradients, the reduction and the transfer. */
  readonly exchangeMs: number;
  /** The rest: for the commit, and for the next step to begin. */
  readonly waitMs: number;
}

/** Splits the time from one applied step to the next by what this trainer did in it. */
export class StepStopwatch {
  readonly #clock: () => number;
  #startedAt: number | null = null;
  #computedAt: number | null = null;
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

  /** Computation of the running step has ended, which took so long; the first of a step starts it. */
  computed(ms: number): void {
    const now = this.#clock();
    this.#startedAt ??= now - ms;
    this.#computedAt = now;
    this.#spent.compute += ms;
  }

  /** The whole result is there. */
  arrived(): void {
    const now = this.#clock();
    this.#spent.exchange += now - (this.#computedAt ?? now);
  }

  /** The step was applied: the next one begins now. */
  finish(): void {
    const now = this.#clock();
    const { compute, exchange } = this.#spent;
    const total = now - (this.#startedAt ?? now);
    this.#last = { computeMs: compute, exchangeMs: exchange, waitMs: Math.max(0, total - compute - exchange) };
    this.#startedAt = now;
    this.#computedAt = null;
    this.#spent = { compute: 0, exchange: 0 };
  }
}
