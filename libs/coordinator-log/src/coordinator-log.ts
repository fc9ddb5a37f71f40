import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { encodeFrame, encodeHeader, headerBytes, maxPayloadBytes, scan, type Scan } from './frames.js';
import { LogFile, syncFolderOf } from './log-file.js';
import { errnoOf, storageFailure } from './storage-failure.js';

/** One record on its way to whoever follows a log. */
export interface LogEntry {
  /** One more for each record, over all generations of the log; 1 for the first. */
  readonly sequence: number;
  /** The record, as JSON in UTF-8. */
  readonly payload: Uint8Array;
}

/** Hears of every record right after it was written. Must not throw, and must not take long. */
export interface LogFollower {
  appended(entry: LogEntry): void;
  /** The log was compacted: `snapshot` replaces all records before it. */
  compacted(snapshot: LogEntry): void;
}

/** How a log is kept. */
export interface CoordinatorLogOptions {
  /** Receives a line when the end of the log had to be cut off. */
  readonly warn: (line: string) => void;
  /** Longest time in ms that a record of `append` waits for the disk. @default 50 */
  readonly groupMs?: number;
  /** @default nobody follows */
  readonly follower?: LogFollower;
  /** The disk refused to keep what `append` had written. Until `compact` succeeds, every further append throws the same. @default it shows at the next append */
  readonly onFailure?: (error: LangevinError) => void;
}

/** A log, and what it held when it was opened. */
export interface OpenedLog {
  readonly log: CoordinatorLog;
  /** Every record since the last snapshot, that one included, in order. */
  readonly records: readonly unknown[];
}

const fileName = 'coordinator.log';

/**
 * What a coordinator has decided, on its disk: JSON records in one file, appended only, each with a checksum. A killed process loses nothing that
 * `append` returned from; a power cut nothing that was synced. One process writes a log at a time: take the lease before you open it.
 */
export class CoordinatorLog implements AsyncDisposable {
  readonly #options: CoordinatorLogOptions;
  #file: LogFile;
  #generation: number;
  #sequence: number;
  #endsInMark: boolean;
  #timer: NodeJS.Timeout | null = null;
  #failure: LangevinError | null = null;
  #isClosed = false;

  private constructor(file: LogFile, { header, payloads, endsInMark }: Pick<Scan, 'header' | 'payloads' | 'endsInMark'>, options: CoordinatorLogOptions) {
    this.#file = file;
    this.#generation = header.generation;
    this.#sequence = header.first + payloads.length - 1;
    this.#endsInMark = endsInMark;
    this.#options = options;
  }

  /**
   * Opens the log in `folder`, which is made if needed, and reads it. A torn or damaged end is cut off, with a warning that names file, offset and bytes: it is
   * what a process that died while it wrote leaves, or a power cut.
   *
   * @throws LangevinError `object_corrupt` naming file and offset when bytes are damaged that had been on the disk, or the head of the file;
   * `storage_full`, `storage_failed`
   */
  static open(folder: string, options: CoordinatorLogOptions): OpenedLog {
    const path = join(folder, fileName);
    try {
      makeFolder(folder);
      // A compaction that was cut short: the log is what it was before.
      rmSync(`${path}.new`, { force: true });
      const found = read(path) ?? create(path);
      const { goodBytes, damage } = found;
      if (damage?.wasSynced) throw corrupt(path, `at byte ${goodBytes}: ${damage.bytes} bytes from there on were on the disk and have changed since, ${countText(damage.laterRecords)} behind the damage can still be read`);
      const log = new CoordinatorLog(LogFile.open(path, goodBytes), found, options);
      if (damage) {
        const more = damage.laterRecords === 0 ? '' : `, with ${countText(damage.laterRecords)} that were written after what is missing`;
        options.warn(`${path}: cut off at byte ${goodBytes}: the ${damage.bytes} bytes behind it are the torn end of a write that was never confirmed${more}`);
      }
      return { log, records: found.payloads.map((payload, at) => parse(payload, path, found.header.first + at)) };
    } catch (thrown) {
      throw storageFailure(thrown, dirname(folder), `opening the log ${path}`);
    }
  }

  /** Sequence of the newest record; 0 when there has been none. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Bytes of the file: what `compact` makes small again. */
  get bytes(): number {
    return this.#file.size;
  }

  /** 1, and one more each time that the log was compacted. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Writes a record; it is on the disk within `groupMs`. From now on the end of this process cannot lose it; until it is on the disk, that of the machine can.
   * @returns its sequence
   * @throws LangevinError `storage_full`: the record is not in the log, which goes on when there is room; `storage_failed`; `invalid_argument` for what is no JSON
   */
  append(record: unknown): number {
    const entry = this.#write(record);
    this.#timer ??= setTimeout(() => void this.#syncGroup(), this.#options.groupMs ?? 50).unref();
    this.#options.follower?.appended(entry);
    return entry.sequence;
  }

  /**
   * Writes a record, and returns when it is on the disk, with all before it.
   * @returns its sequence
   * @throws LangevinError as `append`. After an error of the disk itself (`storage_failed`) it is open whether the record is there.
   */
  appendNow(record: unknown): number {
    const entry = this.#write(record);
    try {
      this.#file.syncNow();
    } catch (thrown) {
      throw this.#fail(thrown);
    }
    this.#options.follower?.appended(entry);
    return entry.sequence;
  }

  /**
   * Writes a record at once, and resolves when it is on the disk, with all before it. Calls that come while the disk works share the next sync.
   * @returns its sequence
   * @throws LangevinError as `appendNow`
   */
  async appendSynced(record: unknown): Promise<number> {
    const entry = this.#write(record);
    this.#options.follower?.appended(entry);
    await this.sync();
    return entry.sequence;
  }

  /** Resolves when all that was written by now is on the disk. @throws LangevinError `storage_failed` */
  async sync(): Promise<void> {
    const file = this.#file;
    try {
      await file.sync();
    } catch (thrown) {
      // A snapshot, which is on the disk, has replaced what that file held.
      if (this.#file === file) throw this.#fail(thrown);
    }
  }

  /**
   * Begins a new file with `snapshot`, which replaces all records before it: the old file goes when the new one is on the disk.
   * Call it with the state as all records so far have made it. Also heals a log that the disk had failed.
   *
   * @returns the sequence of the snapshot
   * @throws LangevinError `storage_full`, `storage_failed`: the log is as it was, and goes on; `invalid_argument` for what is no JSON
   */
  compact(snapshot: unknown): number {
    this.#checkOpen();
    const payload = encode(snapshot);
    const sequence = this.#sequence + 1;
    const generation = this.#generation + 1;
    const old = this.#file;
    const bytes = Buffer.concat([encodeHeader({ generation, first: sequence }), encodeFrame(sequence, 0, payload)]);
    try {
      this.#file = LogFile.create(old.path, bytes);
    } catch (thrown) {
      throw storageFailure(thrown, dirname(old.path), `compacting the log ${old.path}`, bytes.byteLength);
    }
    void old.close();
    [this.#generation, this.#sequence, this.#endsInMark, this.#failure] = [generation, sequence, false, null];
    try {
      syncFolderOf(this.#file.path);
    } catch (thrown) {
      throw this.#fail(thrown);
    }
    this.#options.follower?.compacted({ sequence, payload });
    return sequence;
  }

  /** Syncs and closes. A second call does nothing. @throws LangevinError `storage_failed` when the disk does not keep what was written last */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    try {
      if (!this.#failure) await this.sync();
    } finally {
      this.#mark();
      await this.#file.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Says behind the last record that it is on the disk, so that a later reader knows damage from a torn write. */
  #mark(): void {
    if (this.#endsInMark || this.#failure || this.#file.size === headerBytes) return;
    try {
      this.#file.append(encodeFrame(this.#sequence, this.#file.synced, new Uint8Array(0)));
    } catch {
      // It only helps to tell causes apart; a full disk has none.
    }
  }

  async #syncGroup(): Promise<void> {
    this.#timer = null;
    try {
      await this.sync();
    } catch (thrown) {
      this.#options.onFailure?.(LangevinError.from(thrown));
    }
  }

  #write(record: unknown): LogEntry {
    this.#checkOpen();
    if (this.#failure) throw this.#failure;
    const payload = encode(record);
    const sequence = this.#sequence + 1;
    const frame = encodeFrame(sequence, this.#file.synced, payload);
    try {
      this.#file.append(frame);
    } catch (thrown) {
      throw storageFailure(thrown, dirname(this.#file.path), `writing to the log ${this.#file.path}`, frame.byteLength);
    }
    this.#sequence = sequence;
    this.#endsInMark = false;
    return { sequence, payload };
  }

  /** After a failed sync the system may have forgotten what it did not write (fsync(2), "Notes"): nothing that follows could be relied on. */
  #fail(thrown: unknown): LangevinError {
    this.#failure ??= storageFailure(thrown, dirname(this.#file.path), `syncing the log ${this.#file.path}`);
    return this.#failure;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new LangevinError('internal', `the log ${this.#file.path} is closed`);
  }
}

type Found = Pick<Scan, 'header' | 'payloads' | 'endsInMark' | 'goodBytes' | 'damage'>;

function read(path: string): Found | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
  const found = scan(bytes);
  if (!found) throw corrupt(path, `in its first ${headerBytes} bytes, which say what it is`);
  return found;
}

function create(path: string): Found {
  const header = { generation: 1, first: 1 };
  void LogFile.create(path, encodeHeader(header)).close();
  syncFolderOf(path);
  return { header, payloads: [], endsInMark: false, goodBytes: headerBytes, damage: null };
}

/** Each new folder survives a power cut. */
function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) syncFolderOf(folder);
}

function encode(record: unknown): Uint8Array {
  // Its type leaves out that what JSON has no word for becomes undefined.
  const text = JSON.stringify(record) as string | undefined;
  if (text === undefined) throw new LangevinError('invalid_argument', `a record of the log must be JSON, not ${typeof record}`);
  const payload = Buffer.from(text);
  if (payload.byteLength > maxPayloadBytes) throw new LangevinError('invalid_argument', `a record of ${payload.byteLength} bytes is larger than a log takes (${maxPayloadBytes})`);
  return payload;
}

function parse(payload: Buffer, path: string, sequence: number): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    throw corrupt(path, `record ${sequence} is no JSON, though its checksum is right: another program wrote it`);
  }
}

function countText(records: number): string {
  return records === 1 ? '1 record' : `${records} records`;
}

function corrupt(path: string, what: string): LangevinError {
  const mend = 'put back a copy of the file, or move the file away and start again: the coordinator then goes on from the copy of the log in its store';
  return new LangevinError('object_corrupt', `${path} is damaged ${what}; ${mend}`);
}
