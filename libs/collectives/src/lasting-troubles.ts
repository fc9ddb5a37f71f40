/** A broken link is made anew within this time, or whoever is at its other end is missed: only then it is news, in ms. */
const lastingMs = 1200;
/** What lasts is told again this often, in ms. */
const againMs = 1000;

/** Troubles with peers that do not pass by themselves. */
export class LastingTroubles {
  readonly #tell: (peerId: string, problem: string) => boolean;
  readonly #timers = new Map<string, { problem: string; timer: NodeJS.Timeout }>();

  /** @param tell told of each that lasts, again and again; what it gives says whether that counts: if not, it has to last anew */
  constructor(tell: (peerId: string, problem: string) => boolean) {
    this.#tell = tell;
  }

  /** A peer cannot be reached, or still cannot. */
  begin(peerId: string, problem: string): void {
    const known = this.#timers.get(peerId);
    if (known) known.problem = problem;
    else this.#timers.set(peerId, { problem, timer: this.#wait(peerId, lastingMs) });
  }

  /** It can be again, or need not be any more. */
  end(peerId: string): void {
    clearTimeout(this.#timers.get(peerId)?.timer);
    this.#timers.delete(peerId);
  }

  clear(): void {
    for (const peerId of [...this.#timers.keys()]) this.end(peerId);
  }

  #wait(peerId: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      const trouble = this.#timers.get(peerId);
      if (!trouble) return;
      trouble.timer = this.#wait(peerId, this.#tell(peerId, trouble.problem) ? againMs : lastingMs);
    }, ms).unref();
  }
}
