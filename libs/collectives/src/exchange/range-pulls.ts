import type { LangevinError } from '@langevin/contracts';
import type { BlockGrid } from './block-grid.js';
import { blockBytes } from './block-grid.js';
import { finalFlag } from './part.js';
import type { ArrivedPiece, Pull, PullRequest } from './pull-sink.js';
import type { PeerWindows, Window } from './peer-windows.js';
import type { ReferenceSource, SegmentReader } from './segment-reader.js';

/** Whole blocks of a part that have come. */
export interface ArrivedBlocks {
  readonly first: number;
  readonly count: number;
  readonly meta: Buffer;
  readonly isFinal: boolean;
}

/** Where blocks lie that can be read from a peer's segment. */
export interface Place {
  /** In this memory, or in the segment's file when it must be read first. */
  readonly address: number;
  readonly reader: SegmentReader | null;
  /** What was read counts if this is still so afterwards. */
  readonly isCurrent: () => boolean;
}

/** Who takes the blocks of a part. */
export interface BlockSink {
  /** Whether blocks are read at once, so that their source may let go when it has given them all. */
  readonly isQuick: boolean;
  /** Memory for the blocks of a piece, side by side. The same for the same piece until it has landed. */
  addressFor(first: number, count: number): number;
  landed(blocks: ArrivedBlocks): void;
  /** The blocks can be read until the pulls are stopped. */
  referred(blocks: ArrivedBlocks, place: Place): void;
  failed(memberId: string, error: LangevinError): void;
}

/** What pulling needs of its surroundings. */
export interface PullTools {
  readonly grid: BlockGrid;
  /** Null where the memory of others cannot be mapped. */
  readonly windows: PeerWindows | null;
  pull(memberId: string, request: PullRequest): Pull;
  bytesAt(address: number, length: number): Uint8Array;
  sum(address: number, length: number): number;
}

interface Run {
  readonly memberId: string;
  readonly first: number;
  readonly end: number;
  readonly pull: Pull;
}

/** What the blocks of a run are read from. */
interface OpenWindow {
  readonly source: ReferenceSource;
  /** Of the segment: where the part would begin. */
  readonly base: number;
  readonly first: number;
  readonly end: number;
  readonly window: Window | null;
  readonly isCurrent: () => boolean;
  readonly release: () => void;
}

/** The pulls of one part, from whoever has which blocks of it now. */
export class RangePulls {
  readonly #name: string;
  readonly #tools: PullTools;
  readonly #sink: BlockSink;
  readonly #runs = new Set<Run>();
  readonly #windows: OpenWindow[] = [];

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
    for (const { release } of this.#windows.splice(0)) release();
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
        target: ({ offset, length }) => {
          const { first: block, count } = grid.blocksOf(offset, length);
          return bytesAt(this.#sink.addressFor(block, count), length);
        },
        sum: (target) => sum(target.byteOffset, target.byteLength) >>> 0,
        landed: (piece) => {
          this.#sink.landed(blocksOf(piece));
          this.#endIfQuick(run);
        },
        referred: (piece, source, at) => {
          this.#sink.referred(blocksOf(piece), this.#placeOf(run, piece, source, at));
          this.#endIfQuick(run);
        },
        failed: (error) => {
          this.#runs.delete(run);
          this.#sink.failed(memberId, error);
        },
      },
    };
    const run: Run = { memberId, first, end, pull: pull(memberId, request) };
    this.#runs.add(run);
  }

  #endIfQuick(run: Run): void {
    if (this.#sink.isQuick && run.pull.next >= this.#tools.grid.startOf(run.end)) this.#end(run);
  }

  /** The whole run is mapped at once: its source has it side by side. */
  #placeOf({ first, end }: Run, { offset }: ArrivedPiece, source: ReferenceSource, at: number): Place {
    const { grid, windows } = this.#tools;
    const { reader, ticket } = source;
    const base = at - offset;
    let open = this.#windows.find((known) => known.source === source && known.base === base && known.first === first && known.end === end);
    if (!open) {
      const window = windows?.open(reader, base + grid.startOf(first), grid.startOf(end) - grid.startOf(first)) ?? null;
      if (!window) reader.hold();
      open = { source, base, first, end, window, isCurrent: () => reader.isCurrent(ticket), release: window ? window.release : () => reader.release() };
      this.#windows.push(open);
    }
    const { isCurrent } = open;
    return open.window ? { address: open.window.address + offset - grid.startOf(first), reader: null, isCurrent } : { address: at, reader, isCurrent };
  }
}
