import type { VectorArena } from '../vector-arena.js';
import { encodeSums } from './piece-meta.js';
import type { Part, Piece, PlacedPiece } from './part.js';
import { PinnedVector } from './pinned-vector.js';
import type { Segment } from './segment.js';

/** The finished sum of a subtree of this process. */
export class PartialPart implements Part {
  readonly size: number;
  readonly failure = null;
  readonly weightSum: number;
  readonly lossSum: number;
  readonly vector: PinnedVector;
  readonly #arena: VectorArena;
  readonly #segment: Segment | null;

  constructor(arena: VectorArena, segment: Segment | null, sums: { readonly address: number; readonly weightSum: number; readonly lossSum: number }) {
    this.size = arena.length * 4;
    this.weightSum = Math.fround(sums.weightSum);
    this.lossSum = Math.fround(sums.lossSum);
    this.vector = new PinnedVector(arena, sums.address);
    this.#arena = arena;
    this.#segment = segment;
  }

  get isInPlace(): boolean {
    return this.#segment?.isInPlace(this.vector.address) ?? false;
  }

  readyEnd(_offset: number, limit: number): number {
    return Math.min(limit, this.size);
  }

  piece(offset: number, end: number): Piece {
    const at = this.vector.address + offset;
    return { bytes: this.#arena.bytesAt(at, end - offset), meta: encodeSums(this), flags: 0, sum: this.#arena.kernels.checksum(at, end - offset) >>> 0 };
  }

  place(offset: number, end: number): PlacedPiece | null {
    const at = this.vector.address + offset;
    if (!this.#segment?.publish(at, end - offset)) return null;
    return { at, meta: encodeSums(this), flags: 0 };
  }

  pin(): void {
    this.vector.pin();
  }

  unpin(): void {
    this.vector.unpin();
  }
}
