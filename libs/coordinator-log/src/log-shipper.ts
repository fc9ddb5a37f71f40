import { LangevinError } from '@langevin/contracts';
import type { ObjectStore } from '@langevin/registry';
import type { LogEntry, LogFollower } from './coordinator-log.js';
import { encodeSegment, parseSegmentKey, segmentKey, segmentsPrefix, type SegmentName } from './log-segments.js';

/** Where the copy of a log in the store stands. */
export type ShippingState =
  /** The store has all but what is younger than one interval. */
  | { readonly phase: 'current' }
  /** The store did not take a segment; it is tried again. */
  | { readonly phase: 'behind'; readonly error: LangevinError }
  /** Another coordinator ships under the same term: nothing more is shipped. */
  | { readonly phase: 'refused'; readonly error: LangevinError };

/** How a log is shipped. */
export interface LogShipperOptions {
  readonly store: ObjectStore;
  /** Of the lease. */
  readonly term: number;
  /** The phase has changed, or the words of its error have. @default nobody is told */
  readonly onState?: (state: ShippingState) => void;
  /** Least time in ms between two segments: what a lost machine may take with it. @default 500 */
  readonly intervalMs?: number;
  /** Longest wait in ms before a segment is tried again; the first is 250 ms at most. @default 10000 */
  readonly patienceMs?: number;
  /** A number from 0 to 1, 1 not included: spreads the tries. @default Math.random */
  readonly random?: () => number;
}

interface Waiting {
  /** Sequence of the record that is to be in the store. */
  readonly last: number;
  readonly resolve: () => void;
  readonly reject: (error: LangevinError) => void;
}

/** Records are gathered into a segment up to so many bytes. */
const maxSegmentBytes = 4 << 20;

const firstWaitMs = 250;

/**
 * Copies a log to the store, so that another machine can go on from it: a follower of a `CoordinatorLog`. It ships from the first snapshot on: compact the log when a
 * term begins. Nothing of it ever keeps the coordinator waiting; while the store is away records gather here, until a snapshot replaces them.
 */
export class LogShipper implements LogFollower, Disposable {
  readonly #options: Required<LogShipperOptions>;
  readonly #waiting = new Set<Waiting>();
  #pending: LogEntry[] = [];
  /** Sequence of the newest snapshot; 0 before the first. */
  #snapshot = 0;
  #state: ShippingState = { phase: 'current' };
  #isRunning = false;
  #isStopped = false;
  /** Ends a pause. */
  #wake: () => void = () => undefined;

  constructor(options: LogShipperOptions) {
    this.#options = { onState: () => undefined, intervalMs: 500, patienceMs: 10_000, random: Math.random, ...options };
  }

  get state(): ShippingState {
    return this.#state;
  }

  /** Bytes that the store does not have yet. They lie in memory: a snapshot makes them few. */
  get pendingBytes(): number {
    return this.#pending.reduce((sum, { payload }) => sum + payload.byteLength, 0);
  }

  appended(entry: LogEntry): void {
    if (this.#snapshot === 0 || this.#isOver()) return;
    this.#pending.push(entry);
    this.#start();
  }

  compacted(snapshot: LogEntry): void {
    if (this.#isOver()) return;
    this.#snapshot = snapshot.sequence;
    this.#pending = [snapshot];
    this.#start();
  }

  /**
   * Ships at once, and resolves when the store has all that was appended by now, or a snapshot that replaces it.
   * @param signal gives up waiting; the shipper itself goes on
   * @throws LangevinError why the store does not have it: after `signal`, when the shipper is stopped, or when another coordinator ships under its term
   */
  flush(signal?: AbortSignal): Promise<void> {
    const last = this.#pending.at(-1)?.sequence;
    if (this.#state.phase === 'refused') return Promise.reject(this.#state.error);
    if (last === undefined) return Promise.resolve();
    if (this.#isStopped || signal?.aborted) return Promise.reject(this.#reason());
    return new Promise((resolve, reject) => {
      const waiting = { last, resolve, reject };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', () => this.#waiting.delete(waiting) && reject(this.#reason()), { once: true });
      this.#wake();
    });
  }

  /** Ships nothing more; what is under way may still get there. What is not in the store stays in the log alone: `flush` first. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
    this.#giveUp(this.#reason());
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #start(): void {
    if (!this.#isRunning) void this.#run();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let segment = takeSegment(this.#pending); segment && !this.#isOver(); segment = takeSegment(this.#pending)) {
      const { sequence: first } = segment[0];
      const name = { term: this.#options.term, first, isSnapshot: first === this.#snapshot };
      if (!(await this.#ship(name, encodeSegment(name.term, segment)))) continue;
      this.#shipped(first + segment.length - 1);
      if (name.isSnapshot) await this.#prune(name);
      if (this.#waiting.size === 0 && !this.#isOver()) await this.#pause(this.#options.intervalMs);
    }
    this.#isRunning = false;
  }

  /** Tries until the store has it. @returns false when that is not needed any more, or cannot be */
  async #ship(name: SegmentName, bytes: Uint8Array): Promise<boolean> {
    for (let failures = 0; !this.#isOver(); failures++) {
      try {
        return await this.#put(name, bytes);
      } catch (thrown) {
        this.#become({ phase: 'behind', error: LangevinError.from(thrown, 'storage_failed') });
        if (!this.#isStopped) await this.#pause(this.#options.random() * Math.min(this.#options.patienceMs, firstWaitMs * 2 ** failures));
      }
      // A newer snapshot replaces it.
      if (this.#snapshot > name.first) return false;
    }
    return false;
  }

  async #put(name: SegmentName, bytes: Uint8Array): Promise<boolean> {
    const { store } = this.#options;
    const key = segmentKey(name);
    // A try whose answer was lost has left its own bytes.
    const isThere = (await store.put(key, bytes, { ifAbsent: true })) === 'written' || Buffer.from(bytes).equals(await store.get(key));
    if (isThere) this.#become({ phase: 'current' });
    else this.#refuse(new LangevinError('object_exists', `${store.location}: ${key} holds what another coordinator has shipped under the same term: stop one of them`));
    return isThere;
  }

  #shipped(last: number): void {
    this.#pending = this.#pending.filter(({ sequence }) => sequence > last);
    for (const waiting of this.#waiting) {
      if (waiting.last > last) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }

  /** Removes what the snapshot has replaced. What cannot be removed now is by the next one. */
  async #prune({ term, first }: SegmentName): Promise<void> {
    try {
      for await (const { key } of this.#options.store.list(segmentsPrefix)) {
        const name = parseSegmentKey(key);
        const isReplaced = name !== undefined && (name.term < term || (name.term === term && name.first < first));
        if (isReplaced && !this.#isStopped) await this.#options.store.remove(key);
      }
    } catch {
      // Readers begin at the newest snapshot; what lies before it only takes room.
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #isOver(): boolean {
    return this.#isStopped || this.#state.phase === 'refused';
  }

  #refuse(error: LangevinError): void {
    this.#become({ phase: 'refused', error });
    this.#giveUp(error);
  }

  #giveUp(error: LangevinError): void {
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }

  #reason(): LangevinError {
    const { location } = this.#options.store;
    if (this.#state.phase === 'current') return new LangevinError('cancelled', `the newest records of the log are not in ${location}: there was no time left to ship them`);
    const { code, message } = this.#state.error;
    return new LangevinError(code, `the newest records of the log are not in ${location}: ${message}`, { cause: this.#state.error });
  }

  #become(state: ShippingState): void {
    const isNews = state.phase !== this.#state.phase || textOf(state) !== textOf(this.#state);
    this.#state = state;
    if (isNews) this.#options.onState(state);
  }
}

function textOf(state: ShippingState): string {
  return state.phase === 'current' ? '' : state.error.message;
}

/** The entries that the next segment holds; `undefined` when there are none. */
function takeSegment(pending: readonly LogEntry[]): [LogEntry, ...LogEntry[]] | undefined {
  const [first, ...more] = pending;
  if (!first) return undefined;
  let bytes = first.payload.byteLength;
  const end = more.findIndex(({ payload }) => (bytes += payload.byteLength) > maxSegmentBytes);
  return [first, ...(end < 0 ? more : more.slice(0, end))];
}
