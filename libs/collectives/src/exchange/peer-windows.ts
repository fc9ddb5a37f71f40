import { mappedPageBytes, pageMapper } from '../page-mapper.js';
import type { VectorArena } from '../vector-arena.js';
import type { SegmentReader } from './segment-reader.js';

/** Bytes of a peer's segment that can be read in this memory. */
export interface Window {
  readonly address: number;
  /** They are read no more. Called once. */
  release(): void;
}

interface Room {
  readonly address: number;
  readonly bytes: number;
}

interface Extent extends Room {
  readonly reader: SegmentReader;
  /** First byte of the segment that it shows. */
  readonly start: number;
  users: number;
}

/**
 * Vectors of peers on this host, mapped into the arena's memory, where the kernels read them in place. They stay mapped: a peer's
 * addresses come again at each step.
 */
export class PeerWindows implements Disposable {
  readonly #arena: VectorArena;
  readonly #budgetBytes: number;
  /** The least recently used first. */
  readonly #extents = new Map<string, Extent>();
  readonly #free: Room[] = [];
  readonly #readers = new Set<SegmentReader>();
  #reserved = 0;

  /** @param budgetBytes of the arena's memory; what does not fit is not mapped */
  constructor(arena: VectorArena, budgetBytes: number) {
    this.#arena = arena;
    this.#budgetBytes = budgetBytes;
  }

  /** The bytes as the peer sees them; null when they cannot be mapped and must be read. Holds the reader until the release. */
  open(reader: SegmentReader, at: number, length: number): Window | null {
    const start = Math.floor(at / mappedPageBytes) * mappedPageBytes;
    const bytes = Math.ceil((at + length) / mappedPageBytes) * mappedPageBytes - start;
    const key = `${reader.file} ${start}+${bytes}`;
    const extent = this.#extents.get(key) ?? this.#map(reader, start, bytes);
    if (!extent) return null;
    this.#extents.delete(key);
    this.#extents.set(key, extent);
    extent.users++;
    reader.hold();
    const release = (): void => {
      extent.users--;
      reader.release();
    };
    return { address: extent.address + at - start, release };
  }

  /** Nothing may be read any more. */
  [Symbol.dispose](): void {
    this.#drop(() => true);
  }

  #map(reader: SegmentReader, start: number, bytes: number): Extent | null {
    const mapper = pageMapper();
    // Touching what lies behind the end of a file would kill this process.
    if (!mapper || reader.size < start + bytes) return null;
    const room = this.#roomFor(bytes);
    if (!room) return null;
    if (!mapper.show(this.#arena.bytesAt(room.address, bytes), reader.fd, start)) {
      this.#free.push(room);
      return null;
    }
    this.#watch(reader);
    return { ...room, reader, start, users: 0 };
  }

  #roomFor(bytes: number): Room | null {
    const fits = this.#free.findIndex((room) => room.bytes >= bytes);
    if (fits >= 0) return this.#free.splice(fits, 1)[0]!; // It was found.
    if (this.#reserved + bytes <= this.#budgetBytes) {
      try {
        const address = this.#arena.reserve(bytes);
        this.#reserved += bytes;
        return { address, bytes };
      } catch {
        // The memory cannot grow any more: vectors need it first.
        return null;
      }
    }
    for (const [key, extent] of this.#extents) {
      if (extent.users > 0 || extent.bytes < bytes) continue;
      this.#extents.delete(key);
      return extent;
    }
    return null;
  }

  /** The memory of a peer that is gone is given back to the system. */
  #watch(reader: SegmentReader): void {
    if (this.#readers.has(reader)) return;
    this.#readers.add(reader);
    reader.onClosed(() => {
      this.#readers.delete(reader);
      this.#drop((extent) => extent.reader === reader);
    });
  }

  #drop(isGone: (extent: Extent) => boolean): void {
    for (const [key, extent] of this.#extents) {
      if (!isGone(extent)) continue;
      this.#extents.delete(key);
      pageMapper()?.clear(this.#arena.bytesAt(extent.address, extent.bytes));
      this.#free.push({ address: extent.address, bytes: extent.bytes });
    }
  }
}
