import type { LangevinError } from '@langevin/contracts';
import type { Part } from './part.js';

/** Waits for a part, or for more of it. */
export type Waiter = () => void;

/** What this process lets others pull, by name. Who asks for what is not there yet waits. */
export class Shelf {
  readonly #parts = new Map<string, Part>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  /** Says why a part that is not here will never be. */
  readonly #whyNever: (name: string) => LangevinError | null;

  constructor(whyNever: (name: string) => LangevinError | null = () => null) {
    this.#whyNever = whyNever;
  }

  put(name: string, part: Part): void {
    this.#parts.set(name, part);
    this.changed(name);
  }

  /** Who waits for it or is in the middle of it is told `content_missing`. */
  drop(name: string): void {
    this.#parts.delete(name);
    this.changed(name);
  }

  /** The part, or undefined for one that may still come. Throws when it never will. */
  find(name: string): Part | undefined {
    const part = this.#parts.get(name);
    if (part?.failure) throw part.failure;
    const never = part ? null : this.#whyNever(name);
    if (never) throw never;
    return part;
  }

  /** Has `waiter` called at each change of the part, until `unwatch`. */
  watch(name: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(name) ?? new Set();
    this.#waiters.set(name, waiters.add(waiter));
  }

  unwatch(name: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(name);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(name);
  }

  /** More of the part is there, or it has gone. */
  changed(name: string): void {
    for (const waiter of [...(this.#waiters.get(name) ?? [])]) waiter();
  }

  /** Everybody who waits looks again: what can never come is known better now. */
  changedAll(): void {
    for (const name of [...this.#waiters.keys()]) this.changed(name);
  }
}
