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
  /** The block was added: it is needed no more. */
  release(block: number): void;
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

  release(): void {
    // A member keeps what it has computed until the step is committed.
  }
}

/** What the blocks of other members need of their step. */
export interface RemoteTools {
  readonly grid: BlockGrid;
  readonly landing: LandingSpace;
  bytesAt(address: number, length: number): Uint8Array;
  /** Blocks have come, and are still in the cache. */
  landed(): void;
  /** Blocks can be read. */
  referred(): void;
  failed(memberId: string, error: LangevinError): void;
}

/** Where a piece lies. */
interface Room {
  readonly address: number;
  readonly bytes: number;
  /** Blocks that are still needed. */
  left: number;
}

/** A subtree that another member has computed: its blocks land here, or lie in that member's segment. */
export class RemoteSource implements BlockSource, BlockSink {
  sums: Sums | null = null;
  readonly isQuick = false;
  readonly #grid: BlockGrid;
  readonly #tools: RemoteTools;
  readonly #places = new Map<number, Pick<Place, 'address' | 'reader'>>();
  /** Whether what was read in place was what its member has promised, for each link over which it was. */
  readonly #checks = new Set<() => boolean>();
  /** Room that was given out, by the first block of its piece. */
  readonly #rooms = new Map<number, Room>();
  /** The same, by each block that has landed there. */
  readonly #landed = new Map<number, Room>();

  constructor(tools: RemoteTools) {
    this.#grid = tools.grid;
    this.#tools = tools;
  }

  has(block: number): boolean {
    return this.#places.has(block);
  }

  load(block: number, scratch: number): number {
    const { address, reader } = this.#places.get(block)!; // Who asks has made sure.
    if (!reader) return address;
    reader.read(address, this.#tools.bytesAt(scratch, this.#grid.lengthOf(block) * 4));
    return scratch;
  }

  release(block: number): void {
    this.#places.delete(block);
    const room = this.#landed.get(block);
    this.#landed.delete(block);
    if (room && --room.left === 0) this.#tools.landing.give(room.address, room.bytes);
  }

  addressFor(first: number, count: number): number {
    const bytes = this.#grid.startOf(first + count) - this.#grid.startOf(first);
    const known = this.#rooms.get(first);
    if (known?.bytes === bytes) return known.address;
    const address = this.#tools.landing.take(bytes);
    this.#rooms.set(first, { address, bytes, left: count });
    return address;
  }

  landed({ first, count, meta }: ArrivedBlocks): void {
    this.sums = decodeSums(meta);
    const room = this.#rooms.get(first)!; // Given out before.
    this.#rooms.delete(first);
    const start = this.#grid.startOf(first);
    for (let block = first; block < first + count; block++) {
      this.#landed.set(block, room);
      this.#places.set(block, { address: room.address + this.#grid.startOf(block) - start, reader: null });
    }
    this.#tools.landed();
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
    this.#tools.referred();
  }

  failed(memberId: string, error: LangevinError): void {
    this.#tools.failed(memberId, error);
  }
}
