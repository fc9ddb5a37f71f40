import type { LangevinError } from '@langevin/contracts';
import type { ReferenceSource } from './segment-reader.js';

/** A piece that has come, or whose place is known. */
export interface ArrivedPiece {
  readonly offset: number;
  readonly length: number;
  readonly meta: Buffer;
  readonly flags: number;
}

/** Where the pieces of a pull go. They come in order, each whole. */
export interface PullSink {
  /** Memory for a piece, which may be written more than once. Throws for a piece that cannot be. */
  target(piece: ArrivedPiece): Uint8Array;
  /** Checksum of what was written there, as its sender has made it. */
  sum(target: Uint8Array): number;
  /** The piece is in its memory. */
  landed(piece: ArrivedPiece): void;
  /** The piece can be read from the peer's segment, at this byte of it. Throws when that did not succeed. */
  referred(piece: ArrivedPiece, source: ReferenceSource, at: number): void;
  /** It will not come from this peer. */
  failed(error: LangevinError): void;
}

/** A range of a part, wanted from a peer. */
export interface PullRequest {
  readonly name: string;
  readonly offset: number;
  readonly end: number;
  readonly sink: PullSink;
}

/** A running pull. */
export interface Pull {
  /** Where its next piece begins. */
  readonly next: number;
  /** All of it has been read, or no more is wanted: its source may let go. */
  done(): void;
}
