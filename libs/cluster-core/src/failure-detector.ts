/** How long a trainer may be silent at least before it is suspected, in ms: a loaded machine may well hold a process up for a second. */
const floorMs = 1800;
/** And at most. */
const capMs = 2600;
/** Deviations beyond the usual pause that are still usual. */
const deviations = 12;
/** Pauses between signs of life that are remembered of each trainer. */
const remembered = 32;

interface Watched {
  lastMs: number;
  readonly pauses: number[];
}

/** A trainer that is suspected. */
export interface Suspect {
  readonly trainerId: string;
  readonly silentMs: number;
  /** What was allowed to it. */
  readonly allowedMs: number;
}

/**
 * Tells from their signs of life which trainers are gone. How long each may be silent follows from its own rhythm: the
 * median of its pauses plus twelve median deviations, 1.8 s at least and 2.6 s at most, so that nobody sets a time-out. Pure
 * but for its memory: the clock is the caller's.
 */
export class FailureDetector {
  readonly #watched = new Map<string, Watched>();
  #lastCheckMs: number | null = null;

  /** A trainer has been heard, for the first time or again. */
  heard(trainerId: string, nowMs: number): void {
    // A stall before the first check is one, too.
    this.#lastCheckMs ??= nowMs;
    const watched = this.#watched.get(trainerId);
    if (!watched) return void this.#watched.set(trainerId, { lastMs: nowMs, pauses: [] });
    watched.pauses.push(nowMs - watched.lastMs);
    if (watched.pauses.length > remembered) watched.pauses.shift();
    watched.lastMs = nowMs;
  }

  forget(trainerId: string): void {
    this.#watched.delete(trainerId);
  }

  /** How long it has been silent, in ms; 0 for one that is not watched. */
  silentMs(trainerId: string, nowMs: number): number {
    return nowMs - (this.#watched.get(trainerId)?.lastMs ?? nowMs);
  }

  /**
   * Who has been silent for too long; to be called several times a second. After a call that came too late itself, silence
   * is counted anew: nobody could be heard meanwhile.
   */
  check(nowMs: number): readonly Suspect[] {
    const sinceMs = nowMs - (this.#lastCheckMs ?? nowMs);
    this.#lastCheckMs = nowMs;
    if (sinceMs > floorMs / 2) for (const watched of this.#watched.values()) watched.lastMs += sinceMs;
    return [...this.#watched].flatMap(([trainerId, { lastMs, pauses }]) => {
      const silentMs = nowMs - lastMs;
      if (silentMs <= floorMs) return [];
      const allowedMs = allowance(pauses);
      return silentMs > allowedMs ? [{ trainerId, silentMs, allowedMs }] : [];
    });
  }
}

function allowance(pauses: readonly number[]): number {
  const usual = median(pauses);
  const deviation = median(pauses.map((pause) => Math.abs(pause - usual)));
  return Math.min(capMs, Math.max(floorMs, usual + deviations * deviation));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
