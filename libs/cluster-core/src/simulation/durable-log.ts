import type { Job } from '../job.js';
import type { World } from './world.js';

interface Entry {
  readonly jobs: readonly Job[];
  readonly generation: number;
}

const flushMs = 50;

/** A coordinator's log: records that must be on disk are there at once, the others a little later, or never. */
export class DurableLog {
  readonly #world: World;
  #durable: Entry | null = null;
  #pending: Entry[] = [];
  #isFlushing = false;

  constructor(world: World) {
    this.#world = world;
  }

  append(entry: Entry, isSynced: boolean): void {
    const { defect } = this.#world.options;
    this.#pending.push(entry);
    if (isSynced && defect !== 'syncs no membership') this.#flush();
    else if (!this.#isFlushing) {
      this.#isFlushing = true;
      this.#world.clock.after(flushMs, () => this.#flush());
    }
  }

  /** The coordinator is gone: any number of the records that were not synced are, too. */
  crash(): void {
    const kept = this.#world.options.defect === 'syncs no membership' ? 0 : this.#world.chance.whole(0, this.#pending.length);
    this.#durable = this.#pending[kept - 1] ?? this.#durable;
    this.#pending = [];
  }

  /** What is read when it starts again; null for a new log. */
  read(): Entry | null {
    if (this.#durable === null || this.#world.options.defect === 'keeps no log') return null;
    const copied: Entry = JSON.parse(JSON.stringify(this.#durable));
    return copied;
  }

  #flush(): void {
    this.#isFlushing = false;
    this.#durable = this.#pending.at(-1) ?? this.#durable;
    this.#pending = [];
  }
}
