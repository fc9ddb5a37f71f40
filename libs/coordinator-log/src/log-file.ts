import { closeSync, fdatasync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** One file of a log, open for writing at its end. */
export class LogFile {
  readonly path: string;
  readonly #fd: number;
  #size: number;
  #synced: number;
  #syncing: Promise<void> | null = null;
  #isClosing = false;

  private constructor(path: string, fd: number, size: number) {
    this.path = path;
    this.#fd = fd;
    this.#size = size;
    this.#synced = size;
  }

  /**
   * Makes a file that holds `bytes`, in the place of one that is there: whole, on the disk and under its name, or not at all.
   * Throws what the file system throws; a file that was there is as it was.
   */
  static create(path: string, bytes: Uint8Array): LogFile {
    const draft = `${path}.new`;
    const fd = openSync(draft, 'w', 0o600);
    try {
      writeAll(fd, bytes);
      fsyncSync(fd);
      renameSync(draft, path);
    } catch (thrown) {
      closeSync(fd);
      rmSync(draft, { force: true });
      throw thrown;
    }
    return new LogFile(path, fd, bytes.byteLength);
  }

  /** Opens a file, and cuts off what lies behind its first `goodBytes`. All that stays is on the disk then. */
  static open(path: string, goodBytes: number): LogFile {
    const fd = openSync(path, 'r+');
    ftruncateSync(fd, goodBytes);
    // What a process that was killed had written is only in memory, so far.
    fsyncSync(fd);
    return new LogFile(path, fd, goodBytes);
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that are on the disk. */
  get synced(): number {
    return this.#synced;
  }

  /** Writes at the end: all of it, or nothing. Throws what the file system throws. */
  append(bytes: Uint8Array): void {
    try {
      writeAll(this.#fd, bytes, this.#size);
    } catch (thrown) {
      // The part that found room would be taken for a torn record, in the middle of the file.
      ftruncateSync(this.#fd, this.#size);
      throw thrown;
    }
    this.#size += bytes.byteLength;
  }

  /** Returns when all that was written is on the disk. */
  syncNow(): void {
    const size = this.#size;
    if (this.#synced >= size) return;
    fdatasyncSync(this.#fd);
    this.#synced = Math.max(this.#synced, size);
  }

  /** Resolves when what has been written by now is on the disk, or the file is closed. Callers that come meanwhile share the next sync. */
  async sync(): Promise<void> {
    const wanted = this.#size;
    while (this.#synced < wanted && !this.#isClosing) await (this.#syncing ??= this.#syncOnce());
  }

  /** Closes it, when no sync is under way any more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#syncing?.catch(() => undefined); // Whoever waits for that sync is told.
    closeSync(this.#fd);
  }

  #syncOnce(): Promise<void> {
    const size = this.#size;
    return new Promise((resolve, reject) => {
      fdatasync(this.#fd, (error) => {
        this.#syncing = null;
        if (error) return reject(error);
        this.#synced = Math.max(this.#synced, size);
        resolve();
      });
    });
  }
}

/** Makes the names in the folder of `path` survive a power cut. */
export function syncFolderOf(path: string): void {
  const fd = openSync(dirname(path), 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A single write may take less than it was given, where a limit or the end of the disk is near. */
function writeAll(fd: number, bytes: Uint8Array, start = 0): void {
  for (let done = 0; done < bytes.byteLength; ) done += writeSync(fd, bytes, done, bytes.byteLength - done, start + done);
}
