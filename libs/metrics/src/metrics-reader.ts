import { LangevinError } from '@langevin/contracts';
import type { MetricPoint, RunAttempt, RunEvent } from '@langevin/contracts/api';
import type { ObjectStore } from '@langevin/registry';
import { readAttempts } from './attempts.js';
import { Curve } from './curve.js';
import { eventsPrefix, metricsPrefix, segmentOfKey, type SegmentName } from './layout.js';
import type { MetricColumns } from './metric-columns.js';
import { readSealedEvents } from './run-events.js';
import { decodeSegment } from './segment-file.js';

/** How metrics are read. */
export interface MetricsReaderOptions {
  readonly store: ObjectStore;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** Bytes of decoded curves that are kept, those used last. @default 256 MiB */
  readonly maxBytes?: number;
  /** How long what the store lists is believed. @default 2000 */
  readonly freshMs?: number;
}

/** What is read of one run, and kept. */
interface CachedRun {
  curve: Curve;
  /** Segments that went into the curve, or were damaged. */
  segments: number;
  attempts: readonly RunAttempt[];
  readonly events: Map<number, RunEvent>;
  readonly eventKeys: Set<string>;
  checkedAtMs: number;
  /** How often it was said to have changed: also while it was being read. */
  changes: number;
}

/** Segments fetched at the same time: enough to hide a server's latency. */
const concurrency = 16;

/** Reads the curves and events of runs from their store, and keeps what it has decoded. */
export class MetricsReader {
  readonly #options: Required<MetricsReaderOptions>;
  /** Least recently used first. */
  readonly #runs = new Map<string, CachedRun>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #last = new Map<string, { readonly key: string; readonly point: MetricPoint | undefined }>();

  constructor(options: MetricsReaderOptions) {
    this.#options = { maxBytes: 256 * 1024 ** 2, freshMs: 2000, ...options };
  }

  /**
   * The rows of a run that are sealed; superseded ones are hidden. They belong to the reader: copy what must outlast the turn.
   * @throws LangevinError when the store cannot be read
   */
  async rows(run: string): Promise<{ readonly attempt: number; readonly rows: MetricColumns }> {
    const { curve } = await this.#fresh(run);
    return { attempt: curve.attempt, rows: curve.rows };
  }

  /** The attempts at a run, oldest first. @throws LangevinError when the store cannot be read */
  async attempts(run: string): Promise<readonly RunAttempt[]> {
    return (await this.#fresh(run)).attempts;
  }

  /** The events of a run that are sealed, oldest first. @throws LangevinError when the store cannot be read */
  async events(run: string): Promise<RunEvent[]> {
    const { events } = await this.#fresh(run);
    return [...events.values()].sort((a, b) => a.seq - b.seq);
  }

  /** The newest row of a run that is sealed, without reading the others; undefined without one. @throws LangevinError when the store cannot be read */
  async lastPoint(run: string): Promise<MetricPoint | undefined> {
    let newest: string | undefined;
    for await (const { key } of this.#options.store.list(metricsPrefix(run))) if (segmentOfKey(key)) newest = key;
    if (newest === undefined) return undefined;
    const known = this.#last.get(run);
    if (known?.key === newest) return known.point;
    const rows = await this.#decodeOne(newest);
    const point = rows && rows.length > 0 ? rows.point(rows.length - 1) : undefined;
    this.#last.set(run, { key: newest, point });
    return point;
  }

  /** The newest event of a run that is sealed, without reading the others; undefined without one. @throws LangevinError when the store cannot be read */
  async lastEvent(run: string): Promise<RunEvent | undefined> {
    let newest: string | undefined;
    for await (const { key } of this.#options.store.list(eventsPrefix(run))) newest = key;
    return newest === undefined ? undefined : (await readSealedEvents(this.#options.store, newest)).at(-1);
  }

  /** The store holds more of a run than it listed last. */
  invalidate(run: string): void {
    const cached = this.#runs.get(run);
    if (!cached) return;
    cached.checkedAtMs = -Infinity;
    cached.changes += 1;
  }

  /** One reading of a run at a time: the others wait for it and find it fresh. */
  async #fresh(run: string): Promise<CachedRun> {
    const turn = (this.#turns.get(run) ?? Promise.resolve()).then(() => this.#refresh(run));
    const settled = turn.catch(() => undefined);
    this.#turns.set(run, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(run) === settled) this.#turns.delete(run);
    }
  }

  async #refresh(run: string): Promise<CachedRun> {
    const cached = this.#runs.get(run) ?? { curve: new Curve(), segments: 0, attempts: [], events: new Map(), eventKeys: new Set(), checkedAtMs: -Infinity, changes: 0 };
    this.#runs.delete(run);
    this.#runs.set(run, cached);
    if (this.#options.clock() - cached.checkedAtMs < this.#options.freshMs) return cached;
    const [checkedAtMs, { changes }] = [this.#options.clock(), cached];
    await this.#readCurve(run, cached);
    await this.#readEvents(run, cached);
    if (cached.changes === changes) cached.checkedAtMs = checkedAtMs;
    this.#evict(run);
    return cached;
  }

  async #readCurve(run: string, cached: CachedRun): Promise<void> {
    const { store } = this.#options;
    const names: (SegmentName & { key: string })[] = [];
    for await (const { key } of store.list(metricsPrefix(run))) {
      const name = segmentOfKey(key);
      if (name) names.push({ ...name, key });
    }
    const attempts = await readAttempts(store, run);
    // One that comes late, before what was added already: begin anew.
    const isLate = names.filter((name) => !cached.curve.isNext(name)).length !== cached.segments;
    if (isLate) [cached.curve, cached.attempts] = [new Curve(), []];
    const { curve } = cached;
    const fresh = names.filter((name) => curve.isNext(name));
    const segments = await this.#decode(fresh.map(({ key }) => key));
    const moves = [
      ...attempts.slice(cached.attempts.length).map((each) => ({ ...each, sequence: 0, play: () => curve.begin(each) })),
      ...fresh.map(({ attempt, sequence, key }) => ({ attempt, sequence, play: () => curve.add({ attempt, sequence }, segments.get(key)) })),
    ];
    for (const { play } of moves.sort((a, b) => a.attempt - b.attempt || a.sequence - b.sequence)) play();
    cached.attempts = attempts;
    cached.segments = names.length;
  }

  async #decode(keys: readonly string[]): Promise<Map<string, MetricColumns>> {
    const decoded = new Map<string, MetricColumns>();
    const queue = keys.values();
    const work = async (): Promise<void> => {
      for (const key of queue) {
        const segment = await this.#decodeOne(key);
        if (segment) decoded.set(key, segment);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    return decoded;
  }

  /** A damaged segment costs its own rows, not the curve. */
  async #decodeOne(key: string): Promise<MetricColumns | undefined> {
    try {
      return await decodeSegment(await this.#options.store.get(key), key);
    } catch (thrown) {
      if (thrown instanceof LangevinError && ['object_corrupt', 'object_missing'].includes(thrown.code)) return undefined;
      throw thrown;
    }
  }

  async #readEvents(run: string, { events, eventKeys }: CachedRun): Promise<void> {
    const { store } = this.#options;
    for await (const { key } of store.list(eventsPrefix(run))) {
      if (eventKeys.has(key)) continue;
      for (const event of await readSealedEvents(store, key)) events.set(event.seq, event);
      eventKeys.add(key);
    }
  }

  #evict(inUse: string): void {
    let bytes = 0;
    for (const { curve } of this.#runs.values()) bytes += curve.rows.byteLength;
    for (const [run, { curve }] of this.#runs) {
      if (bytes <= this.#options.maxBytes) return;
      if (run === inUse || this.#turns.has(run)) continue;
      bytes -= curve.rows.byteLength;
      this.#runs.delete(run);
    }
  }
}
