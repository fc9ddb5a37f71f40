import { opendir, open, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { makeFolder, publishFile, unpublishFile, writeDurably } from './durable-files.js';
import { errnoOf, freeBytes, storageError } from './file-errors.js';
import { bodySize, pieceBytes } from './object-body.js';
import { checkKey, checkPrefix } from './object-key.js';
import type { ByteRange, ObjectBody, ObjectInfo, ObjectStore, PutResult, StoreProbe } from './object-store.js';
import { remove, sweepTemporaries, temporaryPath } from './temporary-files.js';

/** No key starts with a dot, so objects and unfinished writes never meet; one file system, so that link(2) works. */
const temporaryFolder = '.tmp';

/**
 * A store in a directory of a local file system: object `a/b` is the file `a/b`. Any number of processes may use it at
 * once. Whatever `put` returned from survives a power cut, as far as the disk keeps what fsync(2) promised.
 */
export class DirectoryStore implements ObjectStore {
  readonly location: string;
  readonly #temporary: string;

  private constructor(root: string) {
    this.location = root;
    this.#temporary = join(root, temporaryFolder);
  }

  /**
   * Opens the store at `root`, which is created if needed, and removes what crashed writers left behind.
   * @throws LangevinError `storage_full`, `storage_failed`
   */
  static async open(root: string): Promise<DirectoryStore> {
    const store = new DirectoryStore(resolve(root));
    try {
      await makeFolder(store.#temporary);
      await sweepTemporaries(store.#temporary);
    } catch (thrown) {
      throw await storageError(thrown, store.location, `opening the store ${store.location}`);
    }
    return store;
  }

  async get(key: string): Promise<Uint8Array> {
    const path = this.#path(key);
    try {
      return await readFile(path);
    } catch (thrown) {
      throw await this.#readError(thrown, key);
    }
  }

  async *stream(key: string, range?: ByteRange): AsyncGenerator<Uint8Array> {
    const path = this.#path(key);
    try {
      await using file = await open(path, 'r');
      const { start, end } = checkRange(key, range, (await file.stat()).size);
      for (let at = start; at < end; ) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(pieceBytes, end - at)), { position: at });
        if (bytesRead === 0) throw new LangevinError('storage_failed', `${path} ended at byte ${at} of ${end}: it was cut while being read`);
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } catch (thrown) {
      throw await this.#readError(thrown, key);
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const path = this.#path(key);
    try {
      const info = await stat(path);
      return info.isFile() ? { key, size: info.size } : undefined;
    } catch (thrown) {
      if (isAbsent(thrown)) return undefined;
      throw await this.#readError(thrown, key);
    }
  }

  async put(key: string, body: ObjectBody, options?: { readonly ifAbsent?: boolean }): Promise<PutResult> {
    const path = this.#path(key);
    const temporary = temporaryPath(this.#temporary);
    try {
      await writeDurably(temporary, body);
      return await publishFile(temporary, path, options?.ifAbsent ?? false);
    } catch (thrown) {
      // The first failure tells more than that of the cleaning; the next open sweeps what stays.
      await remove(temporary).catch(() => undefined);
      throw await storageError(thrown, this.location, `writing ${path}`, bodySize(body));
    }
  }

  async remove(key: string): Promise<void> {
    const path = this.#path(key);
    try {
      await unpublishFile(path);
    } catch (thrown) {
      // A folder holds other objects, and is none itself.
      if (isAbsent(thrown) || errnoOf(thrown) === 'EISDIR') return;
      throw await storageError(thrown, this.location, `removing ${path}`);
    }
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    try {
      yield* this.#walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
    } catch (thrown) {
      throw await storageError(thrown, this.location, `listing ${join(this.location, prefix)}`);
    }
  }

  async probe(): Promise<StoreProbe> {
    const temporary = temporaryPath(this.#temporary);
    const free = await freeBytes(this.location);
    const facts = free === undefined ? {} : { freeBytes: free };
    try {
      await writeDurably(temporary, new Uint8Array(1));
      await remove(temporary);
      return { writable: true, ...facts };
    } catch (thrown) {
      const error = await storageError(thrown, this.location, `writing to ${this.location}`);
      return { writable: false, problem: error.message, ...facts };
    }
  }

  #path(key: string): string {
    return join(this.location, checkKey(key));
  }

  async #readError(thrown: unknown, key: string): Promise<LangevinError> {
    if (isAbsent(thrown) || errnoOf(thrown) === 'EISDIR') {
      return new LangevinError('object_missing', `${this.location} holds no object "${key}"`, { cause: thrown });
    }
    return storageError(thrown, this.location, `reading ${join(this.location, key)}`);
  }

  /** `folder` is empty or ends in `/`. A folder sorts as its name with `/`: the order that S3 lists in. */
  async *#walk(folder: string, prefix: string): AsyncGenerator<ObjectInfo> {
    for (const name of (await entries(join(this.location, folder))).sort(byCodeUnits)) {
      const key = folder + name;
      if (!key.startsWith(prefix) && !prefix.startsWith(key)) continue;
      if (name.endsWith('/')) {
        yield* this.#walk(key, prefix);
      } else if (key.startsWith(prefix)) {
        const info = await this.head(key);
        if (info) yield info;
      }
    }
  }
}

async function entries(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(path)) {
      if (!entry.name.startsWith('.')) names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
    }
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown;
  }
  return names;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function isAbsent(thrown: unknown): boolean {
  const code = errnoOf(thrown);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function checkRange(key: string, range: ByteRange | undefined, size: number): ByteRange {
  const { start, end } = range ?? { start: 0, end: size };
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= size) return { start, end };
  throw new LangevinError('invalid_argument', `object "${key}" has ${size} bytes: the range ${start} to ${end} is not within`);
}
