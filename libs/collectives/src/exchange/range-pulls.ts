import type { LangevinError } from '@langevin/contracts';
import type { BlockGrid } from './block-grid.js';
import { blockBytes } from './block-grid.js';
import { finalFlag } from './part.js';
import type { ArrivedPiece, Pull, PullRequest } from './pull-sink.js';
import type { SegmentReader } from './segment.js';

/** Whole blocks of a part that have come. */
export interface ArrivedBlocks {
  readonly first: number;
  readonly count: number;
  readonly meta: Buffer;
  readonly isFinal: boolean;
}

/** Who takes the blocks of a part. */
export interface BlockSink {
  /** Memory for the blocks from `first` to `end`, side by side: they come in that order. The same for the same block. */
  addressFor(first: number, end: number): number;
  landed(blocks: ArrivedBlocks): void;
  referred(blocks: ArrivedBlocks, reader: SegmentReader, at: number): void;
  failed(memberId: string, error: LangevinError): void;
}

/** What pulling needs of its surroundings. */
export interface PullTools {
  readonly grid: BlockGrid;
  pull(memberId: string, request: PullRequest): Pull;
  bytesAt(address: number, length: number): Uint8Array;
  sum(address: number, length: number): number;
}

interface Run {
  readonly memberId: string;
  readonly end: number;
  readonly pull: Pull;
}

/** The pulls of one part, from whoever has which blocks of it now. */
export class RangePulls {
  readonly #name: string;
  readonly #tools: PullTools;
  readonly #sink: BlockSink;
  readonly #runs = new Set<Run>();

  constructor(name: string, tools: PullTools, sink: BlockSink) {
    this.#name = name;
    this.#tools = tools;
    this.#sink = sink;
  }

  /** Pulls the blocks that are wanted from whom they are wanted; what runs already and still is right goes on. */
  sync(wantedFrom: (block: number) => string | null): void {
    const covered = new Set<number>();
    for (const run of this.#runs) {
      const rest = this.#restOf(run);
      if (!rest.every((block) => wantedFrom(block) === run.memberId)) this.#end(run);
      else for (const block of rest) covered.add(block);
    }
    const { blocks } = this.#tools.grid;
    const open = (block: number): string | null => (block < blocks && !covered.has(block) ? wantedFrom(block) : null);
    for (let first = 0; first < blocks; ) {
      const memberId = open(first);
      let end = first + 1;
      if (memberId !== null) {
        while (open(end) === memberId) end++;
        this.#start(memberId, first, end);
      }
      first = end;
    }
  }

  /** Everything that came has been read, or nothing more is wanted. */
  stop(): void {
    for (const run of this.#runs) this.#end(run);
  }

  #restOf({ pull, end }: Run): number[] {
    const next = Math.ceil(pull.next / blockBytes);
    return Array.from({ length: Math.max(0, end - next) }, (_, index) => next + index);
  }

  #end(run: Run): void {
    this.#runs.delete(run);
    run.pull.done();
  }

  #start(memberId: string, first: number, end: number): void {
    const { grid, bytesAt, sum, pull } = this.#tools;
    const blocksOf = ({ offset, length, meta, flags }: ArrivedPiece): ArrivedBlocks => ({ ...grid.blocksOf(offset, length), meta, isFinal: (flags & finalFlag) !== 0 });
    const request: PullRequest = {
      name: this.#name,
      offset: grid.startOf(first),
      end: grid.startOf(end),
      sink: {
        target: ({ offset, length }) => bytesAt(this.#sink.addressFor(grid.blocksOf(offset, length).first, end), length),
        sum: (target) => sum(target.byteOffset, target.byteLength) >>> 0,
        landed: (piece) => this.#sink.landed(blocksOf(piece)),
        referred: (piece, reader, at) => this.#sink.referred(blocksOf(piece), reader, at),
        failed: (error) => {
          this.#runs.delete(run);
          this.#sink.failed(memberId, error);
        },
      },
    };
    const run: Run = { memberId, end, pull: pull(memberId, request) };
    this.#runs.add(run);
  }
}
