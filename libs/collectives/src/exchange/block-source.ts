import type { LangevinError } from '@langevin/contracts';
import type { BlockGrid } from './block-grid.js';
import type { LandingSpace } from './landing-space.js';
import type { PartialPart } from './partial-part.js';
import { decodeSums } from './piece-meta.js';
import type { Sums } from './piece-meta.js';
import type { ArrivedBlocks, BlockSink } from './range-pulls.js';
import type { SegmentReader } from './segment.js';

/** The sum of a subtree, as far as it is known here. */
export interface BlockSource {
  readonly sums: Sums | null;
  has(block: number): boolean;
  /** Address of a block that is here; `scratch` has room for it, where it must be fetched first. */
  load(block: number, scratch: number): number;
}

/** A subtree that this process has computed itself. */
export class OwnSource implements BlockSource {
  readonly #part: PartialPart;
  readonly #grid: BlockGrid;

  constructor(part: PartialPart, grid: BlockGrid) {
    this.#part = part;
    this.#grid = grid;
  }

  get sums(): Sums {
    return this.#part;
  }

  has(): boolean {
    return true;
  }

  load(block: number): number {
    return this.#part.vector.address + this.#grid.startOf(block);
  }
}

interface Place {
  readonly address: number;
  /** Where it must be read from first; null when it lies at the address of this memory. */
  readonly reader: SegmentReader | null;
}

/** A subtree that another member has computed: its blocks land here, or are read from that member's segment when needed. */
export class RemoteSource implements BlockSource, BlockSink {
  sums: Sums | null = null;
  readonly #grid: BlockGrid;
  readonly #landing: LandingSpace;
  readonly #bytesAt: (address: number, length: number) => Uint8Array;
  readonly #arrived: () => void;
  readonly #failed: (memberId: string, error: LangevinError) => void;
  readonly #places = new Map<number, Place>();
  /** Room that was given out, by block. */
  readonly #room = new Map<number, number>();

  constructor(tools: { grid: BlockGrid; landing: LandingSpace; bytesAt: (address: number, length: number) => Uint8Array; arrived: () => void; failed: (memberId: string, error: LangevinError) => void }) {
    this.#grid = tools.grid;
    this.#landing = tools.landing;
    this.#bytesAt = tools.bytesAt;
    this.#arrived = tools.arrived;
    this.#failed = tools.failed;
  }

  has(block: number): boolean {
    return this.#places.has(block);
  }

  load(block: number, scratch: number): number {
    const { address, reader } = this.#places.get(block)!; // Who asks has made sure.
    if (!reader) return address;
    reader.read(address, this.#bytesAt(scratch, this.#grid.lengthOf(block) * 4));
    return scratch;
  }

  addressFor(first: number, end: number): number {
    if (!this.#room.has(first)) {
      const address = this.#landing.take(this.#grid.startOf(end) - this.#grid.startOf(first));
      for (let block = first; block < end; block++) this.#room.set(block, address + this.#grid.startOf(block) - this.#grid.startOf(first));
    }
    return this.#room.get(first)!; // Set above.
  }

  landed({ first, count, meta }: ArrivedBlocks): void {
    this.sums = decodeSums(meta);
    for (let block = first; block < first + count; block++) this.#places.set(block, { address: this.#room.get(block)!, reader: null }); // Given out before.
    this.#arrived();
  }

  referred({ first, count, meta }: ArrivedBlocks, reader: SegmentReader, at: number): void {
    this.sums = decodeSums(meta);
    const start = this.#grid.startOf(first);
    for (let block = first; block < first + count; block++) this.#places.set(block, { address: at + this.#grid.startOf(block) - start, reader });
    this.#arrived();
  }

  failed(memberId: string, error: LangevinError): void {
    this.#failed(memberId, error);
  }
}
