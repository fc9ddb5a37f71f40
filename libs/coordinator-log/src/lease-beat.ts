import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { DirectoryStore, type ObjectStore } from '@langevin/registry';
import { errnoOf } from './storage-failure.js';

/** What a beat says. */
export interface Beat {
  /** host:port of the holder; empty until it is known. */
  readonly address: string;
  readonly isReleased: boolean;
  /** Differs from that of every other beat of the term: what an observer compares. */
  readonly text: string;
}

const prefix = 'v1/coordinator/beats/';

/**
 * The sign of life of one term: an object that its holder writes again and again, each time with a higher count. It decides nothing (the takings of the
 * lease do), so it may be overwritten, and needs no disk: after a power cut nobody is alive. In a directory it is therefore changed where it lies, without a sync.
 */
export class LeaseBeat {
  readonly #store: ObjectStore;
  readonly #key: string;
  #count = 0;
  #written = '';

  constructor(store: ObjectStore, term: number) {
    this.#store = store;
    this.#key = keyOf(term);
  }

  /** The newest beat of a term; `undefined` if there is none. */
  static async read(store: ObjectStore, term: number): Promise<Beat | undefined> {
    let text: string;
    try {
      text = new TextDecoder().decode(await store.get(keyOf(term)));
    } catch (thrown) {
      if (thrown instanceof LangevinError && thrown.code === 'object_missing') return undefined;
      throw thrown;
    }
    return { ...parse(text), text };
  }

  /** Removes the beats of all terms before `term`. */
  static async removeBefore(store: ObjectStore, term: number): Promise<void> {
    for await (const { key } of store.list(prefix)) if (key < keyOf(term)) await store.remove(key);
  }

  /** Writes the next beat. @throws LangevinError what the store throws */
  async write(address: string, isReleased: boolean): Promise<void> {
    // Always as long: it is written over the one before.
    const text = JSON.stringify({ count: String(++this.#count).padStart(12, '0'), address, released: isReleased });
    const isInPlace = text.length === this.#written.length && this.#store instanceof DirectoryStore && (await overwrite(join(this.#store.location, this.#key), text));
    if (!isInPlace) await this.#store.put(this.#key, Buffer.from(text));
    this.#written = text;
  }
}

function keyOf(term: number): string {
  return `${prefix}${String(term).padStart(8, '0')}.json`;
}

/** A beat that cannot be read was cut by a power cut: it is none that was released. */
function parse(text: string): Pick<Beat, 'address' | 'isReleased'> {
  try {
    const beat: unknown = JSON.parse(text);
    const [address, released] = typeof beat === 'object' && beat !== null ? [Reflect.get(beat, 'address'), Reflect.get(beat, 'released')] : [];
    return { address: typeof address === 'string' ? address : '', isReleased: released === true };
  } catch {
    // Compared as text it still serves an observer.
    return { address: '', isReleased: false };
  }
}

/** False when there is no such file. One write: no reader sees a part of it. */
async function overwrite(path: string, text: string): Promise<boolean> {
  try {
    await using file = await open(path, 'r+');
    await file.write(text, 0);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return false;
    throw LangevinError.from(thrown, 'storage_failed');
  }
}
