import { uptime } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { LangevinError } from '@langevin/contracts';
import type { ObjectStore } from '@langevin/registry';
import { certainPeriods, graceMs, judgeLease, type Vacancy } from './judge-lease.js';
import { LeaseBeat } from './lease-beat.js';
import { takingKey, takings, type Lease, type LeaseHolder } from './lease-record.js';

/** How a lease is taken, and what is heard of it. */
export interface TakeLeaseOptions {
  readonly store: ObjectStore;
  readonly holder: LeaseHolder;
  /** Takes the place of a coordinator that does not renew its lease. One that does is never driven out. */
  readonly takeover: boolean;
  /** Another has taken the lease. Called once, as soon as that is found; `isCertain` is false by then. Null when the store does not say who. */
  readonly onFenced: (by: Lease | null) => void;
  /** Time between renewals in ms. @default 1000 */
  readonly periodMs?: number;
  /** Milliseconds of a clock that never goes back. @default `sleepAwareClock` */
  readonly clock?: () => number;
}

/**
 * How a holder stands. `certain`: nobody can have taken the lease. `unreachable`: the store has not answered for a while; another may have taken it.
 * `stale`: this process did not run for a while (it was stopped, or its machine slept); it must `confirm` before it acts. `fenced`: another has it. `released`: given back.
 */
export type LeaseStanding = 'certain' | 'unreachable' | 'stale' | 'fenced' | 'released';

/** Milliseconds since the machine started, those included in which it slept (clock_gettime(2), CLOCK_BOOTTIME), to 10 ms. */
export function sleepAwareClock(): number {
  return uptime() * 1000;
}

/**
 * The lease of a store: who coordinates it. Its term grows by one at each taking, by compare-and-swap, so that no two coordinators ever have the same one; whoever is told
 * something by a lower term than it has seen refuses. The holder shows that it is alive by renewing.
 */
export class CoordinatorLease implements AsyncDisposable {
  /** What every message of this coordinator carries. At least 1. */
  readonly term: number;
  readonly #store: ObjectStore;
  readonly #options: TakeLeaseOptions;
  readonly #clock: () => number;
  readonly #periodMs: number;
  readonly #beat: LeaseBeat;
  #address: string;
  /** When the newest renewal that succeeded began. */
  #renewedMs: number;
  /** When this process last looked whether it is time. */
  #wokeMs: number;
  /** It did not look for longer than a lease lasts, and has not renewed since. */
  #hasSlept = false;
  #end: 'fenced' | 'released' | null = null;
  #renewing: Promise<void> | null = null;
  #timer: NodeJS.Timeout;

  private constructor(options: TakeLeaseOptions, term: number, takenMs: number) {
    this.term = term;
    this.#store = options.store;
    this.#options = options;
    this.#clock = options.clock ?? sleepAwareClock;
    this.#periodMs = options.periodMs ?? 1000;
    this.#beat = new LeaseBeat(options.store, term);
    this.#address = options.holder.address;
    this.#renewedMs = takenMs;
    this.#wokeMs = this.#clock();
    this.#timer = setInterval(() => this.#tick(), this.#periodMs).unref();
  }

  /**
   * Takes the lease, and renews it from then on. At once when it is free, or its holder is known to have ended; else after the holder was observed for 3.5 of its periods.
   * @throws LangevinError `address_in_use` naming the coordinator that has it, and what to do; `storage_unavailable` …
   */
  static async take(options: TakeLeaseOptions): Promise<CoordinatorLease> {
    const { store, holder, takeover, clock = sleepAwareClock, periodMs = 1000 } = options;
    const register = takings(store);
    for (;;) {
      const current = await register.read();
      const vacancy = current && (await judgeLease({ store, holder, takeover, clock }, current));
      const term = (current?.generation ?? 0) + 1;
      const takenMs = clock();
      const swap = await register.swap(term - 1, { writeId: `${holder.incarnation}.${term}`, holder, periodMs });
      if (swap.status === 'moved') continue;
      const lease = new CoordinatorLease(options, term, takenMs);
      try {
        await lease.#renew();
        if (current && vacancy?.why === 'silent') await lease.#letGo(current.generation, current.value.periodMs, vacancy);
        await LeaseBeat.removeBefore(store, term);
      } catch (thrown) {
        clearInterval(lease.#timer);
        throw thrown;
      }
      return lease;
    }
  }

  /** How this coordinator stands at `now`, a time of its clock. */
  standing(now: number): LeaseStanding {
    if (this.#end) return this.#end;
    const lastsMs = certainPeriods * this.#periodMs;
    if (now - this.#renewedMs < lastsMs) return 'certain';
    return this.#hasSlept || now - this.#wokeMs >= lastsMs ? 'stale' : 'unreachable';
  }

  /** Whether nobody else can have taken the lease by `now`, a time of its clock: the newest renewal began less than three periods ago. Costs nothing. */
  isCertain(now: number): boolean {
    return this.standing(now) === 'certain';
  }

  /**
   * Asks the store whether this coordinator still has the lease, and renews it if so.
   * @returns false when another has taken it, or it was released
   * @throws LangevinError `storage_unavailable` …: it is not known
   */
  async confirm(): Promise<boolean> {
    // One that is under way may have been answered before this process was stopped.
    await this.#renewing?.catch(() => undefined);
    await this.#renew();
    return this.#end === null;
  }

  /** Says at which address the coordinator can be reached now. @throws LangevinError what the store throws */
  async announce(address: string): Promise<void> {
    this.#address = address;
    await this.confirm();
  }

  /**
   * Gives the lease back, so that the next coordinator takes it at once. A fenced one has nothing to give back. A second call does nothing.
   * @throws LangevinError what the store throws: then the next one finds it silent
   */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing?.catch(() => undefined); // A renewal that failed changes nothing here.
    if (this.#end) return;
    this.#end = 'released';
    await this.#beat.write(this.#address, true);
  }

  /** Gives the lease back if the store takes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release().catch(() => undefined); // The next coordinator finds it silent.
  }

  #tick(): void {
    const now = this.#clock();
    if (now - this.#wokeMs >= certainPeriods * this.#periodMs) this.#hasSlept = true;
    this.#wokeMs = now;
    // The next tick tries again; `standing` tells how long that has not worked.
    this.#renew().catch(() => undefined);
  }

  /** One at a time. */
  #renew(): Promise<void> {
    return (this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    }));
  }

  /**
   * First the sign of life, then the question whether another has the lease: who takes it asks in the other order (`#letGo`), so that at least one of the two sees the other.
   */
  async #renewOnce(): Promise<void> {
    if (this.#end) return;
    const startMs = this.#clock();
    await this.#beat.write(this.#address, false);
    if ((await this.#store.head(takingKey(this.term + 1))) !== undefined) return this.#fenced();
    this.#renewedMs = startMs;
    // Unless it slept in the middle of this.
    if (this.#clock() - startMs < certainPeriods * this.#periodMs) this.#hasSlept = false;
  }

  async #fenced(): Promise<void> {
    this.#end = 'fenced';
    clearInterval(this.#timer);
    let by: Lease | null = null;
    try {
      const newest = await takings(this.#store).read();
      if (newest) by = { term: newest.generation, holder: newest.value.holder, isReleased: false };
    } catch {
      // Who it is only words a message.
    }
    this.#options.onFenced(by);
  }

  /** A holder that was silent while it was observed may have renewed right before its lease was taken: it is certain of itself for a while, and gets that time to find out. */
  async #letGo(term: number, periodMs: number, { lastBeat }: Extract<Vacancy, { why: 'silent' }>): Promise<void> {
    const beat = await LeaseBeat.read(this.#store, term);
    if (beat?.text !== lastBeat?.text) await wait(graceMs(periodMs));
    if (this.#end === 'fenced') throw new LangevinError('unavailable', `another coordinator took the lease of ${this.#store.location} meanwhile`);
  }
}
