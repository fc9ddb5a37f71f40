import { crc32 } from 'node:zlib';
import type { Part, Piece } from './part.js';

/** Bytes under a name, which must not change while they are on the shelf. */
export class RawPart implements Part {
  readonly size: number;
  readonly failure = null;
  readonly isInPlace = false;
  readonly #runs: readonly { readonly start: number; readonly bytes: Uint8Array }[];

  constructor(content: readonly Uint8Array[]) {
    let start = 0;
    this.#runs = content.map((bytes) => {
      const run = { start, bytes };
      start += bytes.byteLength;
      return run;
    });
    this.size = start;
  }

  readyEnd(offset: number, limit: number): number {
    const run = this.#runAt(offset);
    return Math.min(limit, run.start + run.bytes.byteLength);
  }

  piece(offset: number, end: number): Piece {
    const { start, bytes } = this.#runAt(offset);
    const piece = bytes.subarray(offset - start, end - start);
    return { bytes: piece, meta: new Uint8Array(0), flags: 0, sum: crc32(piece) };
  }

  place(): null {
    return null;
  }

  pin(): void {
    // The garbage collector keeps them while they are being sent.
  }

  unpin(): void {
    // As above.
  }

  #runAt(offset: number): { readonly start: number; readonly bytes: Uint8Array } {
    const run = this.#runs.findLast(({ start, bytes }) => start <= offset && bytes.byteLength > 0);
    return run ?? { start: 0, bytes: new Uint8Array(0) };
  }
}
