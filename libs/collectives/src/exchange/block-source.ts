import type { LangevinError } from '@langevin/contracts';
import type { BlockGrid } from './block-grid.js';
import type { LandingSpace } from './landing-space.js';
import type { PartialPart } from './partial-part.js';
import { decodeSums } from './piece-meta.js';
import type { Sums } from './piece-meta.js';
import type { ArrivedBlocks, BlockSink, Place } from './range-pulls.js';

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

/** A subtree that another member has computed: its blocks land here, or lie in that member's segment. */
export class RemoteSource implements BlockSource, BlockSink {
  sums: Sums | null = null;
  readonly isQuick = false;
  readonly #grid: BlockGrid;
  readonly #landing: LandingSpace;
  readonly #bytesAt: (address: number, length: number) => Uint8Array;
  readonly #arrived: () => void;
  readonly #failed: (memberId: string, error: LangevinError) => void;
  readonly #places = new Map<number, Pick<Place, 'address' | 'reader'>>();
  /** Whether what was read in place was what its member has promised, for each link over which it was. */
  readonly #checks = new Set<() => boolean>();
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

  /** Whether all that `load` has given so far was right; if not, it is forgotten and must come again. */
  confirm(): boolean {
    if ([...this.#checks].every((isCurrent) => isCurrent())) return true;
    this.#checks.clear();
    this.#places.clear();
    return false;
  }

  referred({ first, count, meta }: ArrivedBlocks, { address, reader, isCurrent }: Place): void {
    this.sums = decodeSums(meta);
    this.#checks.add(isCurrent);
    const start = this.#grid.startOf(first);
    for (let block = first; block < first + count; block++) this.#places.set(block, { address: address + this.#grid.startOf(block) - start, reader });
    this.#arrived();
  }

  failed(memberId: string, error: LangevinError): void {
    this.#failed(memberId, error);
  }
}
