import { SegmentReader } from './segment.js';
import type { SegmentName } from './segment.js';

/**
 * The segments of peers that are open here. One stays open when its link breaks, for what was published in it may still be
 * read; it is closed once it is too old for that: each peer has one segment a job.
 */
export class SegmentReaders implements Disposable {
  readonly #open = new Map<string, SegmentReader>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The segment, opened once; null when it is not on this host. */
  open(name: SegmentName): SegmentReader | null {
    const known = this.#open.get(name.file);
    const reader = known ?? SegmentReader.open(name);
    if (!reader) return null;
    // Again at the end: the least recent is the first to go.
    this.#open.delete(name.file);
    this.#open.set(name.file, reader);
    for (const [file, oldest] of this.#open) {
      if (this.#open.size <= this.#limit) break;
      this.#open.delete(file);
      oldest[Symbol.dispose]();
    }
    return reader;
  }

  [Symbol.dispose](): void {
    for (const reader of this.#open.values()) reader[Symbol.dispose]();
    this.#open.clear();
  }
}
