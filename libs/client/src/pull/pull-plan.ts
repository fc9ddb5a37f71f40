import type { BlobRef } from '@langevin/contracts';

/** A file that a pull brings: a blob of the store, as it is, or bytes that are made here. */
export type PlannedFile = { readonly path: string } & ({ readonly blob: BlobRef } | { readonly content: Uint8Array });

/** Everything that a pull writes. */
export interface PullPlan {
  /** Names this plan among others for the same directory: an interrupted pull is found again by it. */
  readonly id: string;
  /** In the order of their download. */
  readonly files: readonly PlannedFile[];
  /** The file that says what the directory holds. */
  readonly label: {
    readonly path: string;
    readonly content: Uint8Array;
    /** Whether the label of another directory says the same. */
    same(content: Uint8Array): boolean;
  };
}

/** How far a pull is. */
export interface PullProgress {
  /** Path of the file that is being written. */
  readonly file: string;
  /** Bytes on disk so far, of all files. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** What a pull did. */
export interface PullResult {
  /** Absolute path of the directory. */
  readonly directory: string;
  /** `same`: the directory held this already, every byte of it. */
  readonly status: 'pulled' | 'same';
  /** Bytes of all files. */
  readonly bytes: number;
  /** Bytes that came from the store this time; less than `bytes` after an interrupted pull. */
  readonly fetchedBytes: number;
}
