import { rmSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { MetricKey, MetricPoint, RunAttempt, RunEvent, RunMetrics } from '@langevin/contracts/api';
import type { ObjectStore } from '@langevin/registry';
import { bucketSeries, type SeriesWindow } from './bucket-series.js';
import type { MetricColumns } from './metric-columns.js';
import { MetricsReader } from './metrics-reader.js';
import { RunJournal, type DraftEvent } from './run-journal.js';
import { RunRecorder } from './run-recorder.js';

/** What a log of metrics needs. */
export interface MetricsLogOptions {
  readonly store: ObjectStore;
  /** Folder for what is not in the store yet. */
  readonly folder: string;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** Told of each event of a run as soon as it has its number. */
  readonly onEvent: (run: string, event: RunEvent) => void;
  /** Told in one line what goes wrong without stopping anything. */
  readonly log: (line: string) => void;
  /** How long closing waits for a store that does not answer. @default 10000 */
  readonly closeWithinMs?: number;
}

/** An event as it is noted: its number is the log's business. */
export type NotedEvent = Omit<DraftEvent, 'index'>;

/** Records the curves and events of runs, keeps them in the store, and reads them with what is not there yet. */
export class MetricsLog implements AsyncDisposable {
  readonly #options: MetricsLogOptions;
  readonly #reader: MetricsReader;
  readonly #live = new Map<string, RunRecorder>();

  private constructor(options: MetricsLogOptions) {
    this.#options = options;
    this.#reader = new MetricsReader({ store: options.store, clock: options.clock });
  }

  /** Brings what an earlier process has left in the folder into the store; if that is away, it stays there. */
  static async open(options: MetricsLogOptions): Promise<MetricsLog> {
    const log = new MetricsLog(options);
    for (const { path, head, entries } of RunJournal.left(options.folder)) {
      const { run, startedAt, fromStep, writeId } = head;
      const recorder = log.#recorder(run, { startedAt, fromStep, writeId }, { head, entries });
      if (await recorder.end()) rmSync(path, { force: true });
    }
    return log;
  }

  /** A new attempt at a run begins to train. */
  begin(run: string, attempt: Pick<RunAttempt, 'startedAt' | 'fromStep'>): void {
    void this.#live.get(run)?.end();
    this.#live.set(run, this.#recorder(run, { ...attempt, writeId: this.#options.newId() }));
  }

  /** Notes a committed step of a run that has begun. */
  record(run: string, point: MetricPoint): void {
    this.#live.get(run)?.record(point);
  }

  /** Notes something that happened to a run; before it has begun there is no place for it. */
  note(run: string, event: NotedEvent): void {
    this.#live.get(run)?.note(event);
  }

  /** Brings everything up to now into the store. @throws LangevinError when the store cannot be written: nothing is lost */
  async seal(run: string): Promise<void> {
    await this.#live.get(run)?.seal();
  }

  /** The attempt has ended. */
  async end(run: string): Promise<void> {
    const recorder = this.#live.get(run);
    await recorder?.end();
    // What could not be sealed is still shown.
    if (recorder?.tail.rows.length === 0 && this.#live.get(run) === recorder) this.#live.delete(run);
  }

  /** Curves of a run, superseded rows hidden. @throws LangevinError when the store cannot be read */
  async curves(run: string, keys: readonly MetricKey[], window: SeriesWindow): Promise<RunMetrics> {
    const pieces = await this.#pieces(run);
    const lastStep = Math.max(-1, ...pieces.map((rows) => rows.lastStep));
    return {
      x: window.x,
      keys: Object.fromEntries(keys.map((key) => [key, bucketSeries(pieces, key, window)])),
      lastStep: lastStep < 0 ? null : lastStep,
    };
  }

  /** Every event of a run, oldest first. @throws LangevinError when the store cannot be read */
  async events(run: string): Promise<RunEvent[]> {
    const recorder = this.#live.get(run);
    await recorder?.opened();
    const tail = recorder?.tail.events ?? [];
    const sealed = await this.#reader.events(run);
    const newest = sealed.at(-1)?.seq ?? 0;
    return [...sealed, ...tail.filter(({ seq }) => seq > newest)];
  }

  /** The attempts at a run, oldest first. @throws LangevinError when the store cannot be read */
  attempts(run: string): Promise<readonly RunAttempt[]> {
    return this.#reader.attempts(run);
  }

  /** The newest row of a run; undefined without one. @throws LangevinError when the store cannot be read */
  async lastPoint(run: string): Promise<MetricPoint | undefined> {
    const rows = this.#live.get(run)?.tail.rows;
    return rows && rows.length > 0 ? rows.point(rows.length - 1) : this.#reader.lastPoint(run);
  }

  /** Seals what is left. What a store that does not answer in time has not taken stays in the folder for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { folder, log, closeWithinMs = 10_000 } = this.#options;
    const open = new Set(this.#live.keys());
    const sealed = Promise.all([...this.#live].map(([run, recorder]) => recorder.end().then(() => open.delete(run))));
    await Promise.race([sealed, setTimeout(closeWithinMs, null, { ref: false })]);
    if (open.size > 0) log(`metrics of ${[...open].map((run) => `run "${run}"`).join(', ')} wait in ${folder}: the store has not answered for ${closeWithinMs} ms`);
  }

  /** What is sealed, and then what is not. The latter is taken first: what is sealed in between is in both, never in none. */
  async #pieces(run: string): Promise<readonly MetricColumns[]> {
    const tail = this.#live.get(run)?.tail;
    const { attempt, rows } = await this.#reader.rows(run);
    if (!tail) return [rows];
    const kept = tail.attempt > attempt ? rows.head(rows.lowerBound(tail.fromStep + 1)) : rows;
    return [kept, tail.rows.tail(tail.rows.lowerBound(kept.lastStep + 1))];
  }

  #recorder(run: string, facts: Omit<RunAttempt, 'attempt'> & { readonly writeId: string }, left?: ConstructorParameters<typeof RunRecorder>[0]['left']): RunRecorder {
    const { store, folder, log, onEvent } = this.#options;
    return new RunRecorder({
      store,
      folder,
      facts: { run, ...facts },
      log,
      onEvent: (event) => onEvent(run, event),
      onSealed: () => this.#reader.invalidate(run),
      ...(left && { left }),
    });
  }
}
