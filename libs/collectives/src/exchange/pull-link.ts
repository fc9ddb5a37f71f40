import type { PullSink } from './pull-sink.js';

/** A pull on its way over a link. */
export interface LinkPull {
  readonly name: string;
  readonly end: number;
  readonly sink: PullSink;
  next: number;
  /** Times that the next piece has come corrupt. */
  corrupt: number;
}

/** A connection over which this side pulls. */
export interface PullLink {
  /** Asks; returns the number by which `release` knows it, not 0. */
  pull(pull: LinkPull): number;
  /** All of it has been read, or no more is wanted. */
  release(id: number): void;
  close(): void;
}
