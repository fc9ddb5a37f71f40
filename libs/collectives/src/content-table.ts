import { createHash } from 'node:crypto';
import { LangevinError } from '@langevin/contracts';

/** Bytes, named by what they are. */
export interface ContentRef {
  /** sha256, lower-case hexadecimal */
  readonly digest: string;
  /** bytes */
  readonly size: number;
}

/** Where content is found that is not in memory: resolves to undefined when it is not there either. */
export type ContentSource = (digest: string) => Promise<Uint8Array | undefined>;

interface Entry {
  readonly bytes: Uint8Array;
  holders: number;
}

/**
 * What this process lets others pull, by digest. Content lives in memory for as long as somebody holds it: each `put` and
 * each `retain` is one hold, each `release` gives one back.
 */
export class ContentTable {
  readonly #entries = new Map<string, Entry>();
  readonly #sources: readonly ContentSource[];

  /** Sources are asked in order for what is not in memory, a store of checkpoints for one. */
  constructor(sources: readonly ContentSource[] = []) {
    this.#sources = sources;
  }

  /** Bytes held in memory, each content counted once. */
  get size(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  }

  /** Holds these bytes, which must not change any more, and names them. */
  put(bytes: Uint8Array): ContentRef {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const entry = this.#entries.get(digest);
    if (entry) entry.holders++;
    else this.#entries.set(digest, { bytes, holders: 1 });
    return { digest, size: bytes.byteLength };
  }

  /** Holds content once more. Throws `content_missing` when nobody holds it. */
  retain(digest: string): void {
    this.#held(digest).holders++;
  }

  /** Gives one hold back; with the last one the content goes. Throws `content_missing` when nobody holds it. */
  release(digest: string): void {
    const entry = this.#held(digest);
    entry.holders--;
    if (entry.holders === 0) this.#entries.delete(digest);
  }

  /** The bytes, from memory or from the first source that has them; undefined when none has. They must not be changed. */
  async open(digest: string): Promise<Uint8Array | undefined> {
    const entry = this.#entries.get(digest);
    if (entry) return entry.bytes;
    for (const source of this.#sources) {
      const bytes = await source(digest);
      if (bytes) return bytes;
    }
    return undefined;
  }

  #held(digest: string): Entry {
    const entry = this.#entries.get(digest);
    if (entry) return entry;
    throw new LangevinError('content_missing', `content ${digest} is not held here: it was never put, or already released`);
  }
}
