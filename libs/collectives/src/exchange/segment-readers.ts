import { SegmentReader } from './segment-reader.js';
import type { SegmentName } from './segment.js';

/** The segments of peers that are open here, each once: by the links over which they were announced, and by what is being read. */
export class SegmentReaders {
  readonly #open = new Map<string, SegmentReader>();

  /** The segment, held once more: who asks releases it. Null when it is not on this host. */
  open(name: SegmentName): SegmentReader | null {
    const known = this.#open.get(name.file);
    if (known) {
      known.hold();
      return known;
    }
    const reader = SegmentReader.open(name);
    if (!reader) return null;
    this.#open.set(name.file, reader);
    reader.onClosed(() => this.#open.delete(name.file));
    return reader;
  }
}
