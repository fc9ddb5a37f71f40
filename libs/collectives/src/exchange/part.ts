import type { Subtree } from '@langevin/cluster-core';
import type { LangevinError } from '@langevin/contracts';

/** A piece of a part, about to be sent. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** What is to be known of it: at most some KiB. */
  readonly meta: Uint8Array;
  readonly flags: number;
  /** Checksum of the bytes. */
  readonly sum: number;
  /** Called once nothing reads `bytes` any more. */
  readonly sent?: () => void;
}

/** A piece that lies in this process's segment. */
export interface PlacedPiece {
  /** Byte of the segment's file. */
  readonly at: number;
  readonly meta: Uint8Array;
  readonly flags: number;
  /** Called once nobody reads it any more. */
  readonly read?: () => void;
}

/** The piece's elements have been clipped, if they had to be. */
export const finalFlag = 1;

/** Named bytes that others may pull, maybe while they still come into being. */
export interface Part {
  readonly size: number;
  /** Why it will never be there. */
  readonly failure: LangevinError | null;
  /** Whether it lies in the segment as it is, so that a reference costs nothing. */
  readonly isInPlace: boolean;
  /** End of the piece that can be sent from this byte on; the byte itself while nothing can. */
  readyEnd(offset: number, limit: number): number;
  piece(offset: number, end: number): Piece;
  /** The same piece by reference; null for one that lies in no segment. */
  place(offset: number, end: number): PlacedPiece | null;
  /** Keeps its memory until the same number of `unpin`s, whatever its owner does. */
  pin(): void;
  unpin(): void;
}

/** Where a step's parts stand: digests before it tell apart steps of one number. */
export interface StepAddress {
  readonly job: string;
  readonly step: number;
  readonly chain: string;
}

export function partialName({ job, step, chain }: StepAddress, { first, leaves }: Subtree): string {
  return `step ${step} of ${job} after ${chain}: leaves ${first}+${leaves}`;
}

export function resultName({ job, step, chain }: StepAddress): string {
  return `step ${step} of ${job} after ${chain}: result`;
}

/** The step that a part's name is about; null for another kind of name. */
export function parseStepName(name: string): StepAddress | null {
  const [, step, job, chain] = /^step (\d+) of (.+) after ([^:]*): /.exec(name) ?? [];
  return step === undefined || job === undefined || chain === undefined ? null : { job, step: Number(step), chain };
}

/** Names of parts that are no step's lie apart. */
export function rawName(name: string): string {
  return `raw ${name}`;
}
