import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterEvent } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import type { Authority } from './authority.js';

/** Between two attempts to ask a store that does not answer. */
const againMs = 250;

/**
 * Lets events through while the coordinator is certain to be one. After its process has slept, another may have taken over:
 * events wait until the store has said that none has.
 */
export class Wakefulness {
  readonly #authority: Pick<Authority, 'isAwake' | 'confirm' | 'fenced'>;
  readonly #act: (event: ClusterEvent) => void;
  readonly #log: (line: string) => void;
  #held: ClusterEvent[] | null = null;

  constructor(authority: Pick<Authority, 'isAwake' | 'confirm' | 'fenced'>, act: (event: ClusterEvent) => void, log: (line: string) => void) {
    this.#authority = authority;
    this.#act = act;
    this.#log = log;
  }

  get isAwake(): boolean {
    return this.#held === null && this.#authority.isAwake();
  }

  /** Acts upon the event, now or when it is certain that this coordinator may. */
  pass(event: ClusterEvent): void {
    if (this.#held) return void this.#held.push(event);
    if (this.#authority.isAwake()) return this.#act(event);
    this.#hold('this process has slept', [event]);
  }

  /** Somebody says that another has taken over. */
  doubt(why: string): void {
    if (!this.#held) this.#hold(why, []);
  }

  #hold(why: string, events: ClusterEvent[]): void {
    this.#held = events;
    this.#log(`${why}: the store is asked whether this coordinator still is one`);
    void this.#confirm();
  }

  async #confirm(): Promise<void> {
    const { confirm, fenced } = this.#authority;
    while (!fenced.aborted) {
      try {
        if (await confirm()) break;
        return;
      } catch (thrown) {
        this.#log(`the store does not say: ${LangevinError.from(thrown).message}`);
        await sleep(againMs);
      }
    }
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held) this.pass(event);
  }
}
