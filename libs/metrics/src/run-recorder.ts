import { LangevinError } from '@langevin/contracts';
import type { MetricPoint, RunEvent } from '@langevin/contracts/api';
import type { ObjectStore } from '@langevin/registry';
import { openAttempt, type AttemptFacts } from './attempts.js';
import { segmentKey } from './layout.js';
import { MetricColumns } from './metric-columns.js';
import { eventNumber, sealEvents } from './run-events.js';
import { RunJournal, type DraftEvent, type JournalEntry, type LeftJournal } from './run-journal.js';
import { decodeSegment, encodeSegment } from './segment-file.js';

/** What records one attempt. */
export interface RunRecorderOptions {
  readonly store: ObjectStore;
  /** Folder of the journals. */
  readonly folder: string;
  readonly facts: AttemptFacts;
  /** Told of each event as soon as it has its number. */
  readonly onEvent: (event: RunEvent) => void;
  /** Told when the store holds more than before. */
  readonly onSealed: () => void;
  /** Told in one line what goes wrong without stopping anything. */
  readonly log: (line: string) => void;
  /** What a journal of an earlier process holds. */
  readonly left?: Omit<LeftJournal, 'path'>;
}

/** A checkpoint's event alone is no reason for a document: they wait for so many. */
const eventsPerDocument = 32;

/** Records one attempt at a run: to a local journal at once, to the store by `seal`. */
export class RunRecorder {
  readonly facts: AttemptFacts;
  readonly #options: RunRecorderOptions;
  /** What is not sealed yet. */
  #rows = new MetricColumns();
  #events: DraftEvent[] = [];
  #announced = 0;
  #count = 0;
  #journal: RunJournal | null = null;
  #attempt: number | null = null;
  /** Of the next segment and the next document of events. */
  #sequence: { readonly rows: number; readonly events: number };
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RunRecorderOptions) {
    this.#options = options;
    this.facts = options.facts;
    this.#sequence = options.left?.head.sequence ?? { rows: 1, events: 1 };
    this.#count = options.left?.head.events ?? 0;
    for (const entry of options.left?.entries ?? []) this.#take(entry);
    this.#announced = this.#events.length;
    this.#restartJournal();
    if (!options.left) void this.opened();
  }

  /** What is not in the store yet. An attempt without a number comes after all that have one; its events have none either. */
  get tail(): { readonly attempt: number; readonly fromStep: number; readonly rows: MetricColumns; readonly events: readonly RunEvent[] } {
    const attempt = this.#attempt ?? Infinity;
    const events = this.#attempt === null ? [] : this.#events.map((event) => numbered(attempt, event));
    return { attempt, fromStep: this.facts.fromStep, rows: this.#rows.tail(0), events };
  }

  /** Resolves when the attempt has its number, or the store cannot be reached. */
  async opened(): Promise<void> {
    await this.#inTurn(() => this.#open()).catch(() => undefined); // Without a number its events wait.
  }

  /** Notes a committed step. */
  record(point: MetricPoint): void {
    if (point.step > this.#rows.lastStep) this.#keep({ point });
  }

  /** Notes something that happened. */
  note(event: Omit<DraftEvent, 'index'>): void {
    this.#keep({ event: { ...event, index: this.#count + 1 } });
    this.#announce();
  }

  /**
   * Brings everything up to now into the store.
   * @param all whether a few events are worth a document of their own
   * @throws LangevinError when the store cannot be written: it stays in the journal, and another call tries again
   */
  seal(all = false): Promise<void> {
    return this.#inTurn(async () => {
      const attempt = await this.#open();
      const rows = await this.#sealRows(attempt);
      const events = await this.#sealEvents(attempt, all);
      if (!rows && !events) return;
      this.#restartJournal();
      this.#options.onSealed();
    });
  }

  /**
   * Seals what is left and forgets the journal; if the store is away, the journal stays for the next start.
   * @returns whether the store holds everything
   */
  async end(): Promise<boolean> {
    try {
      await this.seal(true);
      this.#journal?.remove();
      return true;
    } catch (thrown) {
      this.#journal?.close();
      this.#options.log(`metrics of run "${this.facts.run}" wait in ${this.#options.folder}: ${LangevinError.from(thrown).message}`);
      return false;
    } finally {
      this.#journal = null;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #open(): Promise<number> {
    this.#attempt ??= await openAttempt(this.#options.store, this.facts);
    this.#announce();
    return this.#attempt;
  }

  #announce(): void {
    if (this.#attempt === null) return;
    for (const event of this.#events.slice(this.#announced)) this.#options.onEvent(numbered(this.#attempt, event));
    this.#announced = this.#events.length;
  }

  #keep(entry: JournalEntry): void {
    this.#take(entry);
    try {
      this.#journal?.add(entry);
    } catch (thrown) {
      // Training goes on: the rows are in memory, and in the store at the next checkpoint.
      this.#options.log(`metrics of run "${this.facts.run}" cannot be journaled: ${LangevinError.from(thrown).message}`);
      this.#journal?.close();
      this.#journal = null;
    }
  }

  #take(entry: JournalEntry): void {
    if ('point' in entry) return void (entry.point.step > this.#rows.lastStep && this.#rows.push(entry.point));
    this.#events.push(entry.event);
    this.#count = entry.event.index;
  }

  async #sealRows(attempt: number): Promise<boolean> {
    while (this.#rows.length > 0) {
      const { length } = this.#rows;
      const bytes = encodeSegment(attempt, this.#rows.head(length));
      const key = segmentKey(this.facts.run, { attempt, sequence: this.#sequence.rows });
      const result = await this.#options.store.put(key, bytes, { ifAbsent: true });
      this.#sequence = { ...this.#sequence, rows: this.#sequence.rows + 1 };
      // Taken: by this attempt itself, before its process died or before an answer was lost.
      const sealed = result === 'written' ? length : await this.#rowsIn(key);
      this.#rows = this.#rows.tail(sealed);
      if (sealed > 0) return true;
    }
    return false;
  }

  async #rowsIn(key: string): Promise<number> {
    const there = await decodeSegment(await this.#options.store.get(key), key);
    return this.#rows.lowerBound(there.lastStep + 1);
  }

  async #sealEvents(attempt: number, all: boolean): Promise<boolean> {
    const worth = all || this.#events.length >= eventsPerDocument || this.#events.some(({ kind }) => kind !== 'checkpoint');
    if (this.#events.length === 0 || !worth) return false;
    const events = [...this.#events];
    for (let isSealed = false; !isSealed; ) {
      const sequence = this.#sequence.events;
      this.#sequence = { ...this.#sequence, events: sequence + 1 };
      isSealed = await sealEvents(this.#options.store, this.facts.run, { attempt, sequence }, events.map((event) => numbered(attempt, event)));
    }
    this.#events = this.#events.slice(events.length);
    this.#announced -= events.length;
    return true;
  }

  /** What the store holds need not be read again after a crash. */
  #restartJournal(): void {
    const { run, startedAt, fromStep, writeId } = this.facts;
    const events = this.#count - this.#events.length;
    const points = Array.from({ length: this.#rows.length }, (_, index) => ({ point: this.#rows.point(index) }));
    try {
      this.#journal?.close();
      this.#journal = new RunJournal(this.#options.folder, { run, startedAt, fromStep, writeId, events, sequence: this.#sequence }, [...points, ...this.#events.map((event) => ({ event }))]);
    } catch (thrown) {
      this.#journal = null;
      this.#options.log(`metrics of run "${run}" cannot be journaled: ${LangevinError.from(thrown).message}`);
    }
  }
}

function numbered(attempt: number, { index, ...event }: DraftEvent): RunEvent {
  return { seq: eventNumber(attempt, index), ...event };
}
