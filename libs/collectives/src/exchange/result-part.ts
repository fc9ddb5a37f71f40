import { createHash } from 'node:crypto';
import type { LangevinError } from '@langevin/contracts';
import { normOfBlocks } from '../global-norm.js';
import type { VectorArena } from '../vector-arena.js';
import type { BlockGrid } from './block-grid.js';
import { blockBytes } from './block-grid.js';
import type { HeldResult } from './held-result.js';
import { finalFlag } from './part.js';
import type { Part, Piece, PlacedPiece } from './part.js';
import { encodeFacts } from './piece-meta.js';
import type { BlockFacts, Sums } from './piece-meta.js';
import { PinnedVector } from './pinned-vector.js';
import type { Segment } from './segment.js';

/** What a block is: `divided` by the weight, and clipped as well if it had to be: `final`. */
const BlockState = { missing: 0, divided: 1, final: 2 } as const;

/**
 * The gradient of a step while it comes together, block by block, and afterwards. Blocks are served as they are: divided, or
 * final. Which of the two changes no bit of what the receiver ends with.
 */
export class ResultPart implements Part {
  readonly size: number;
  failure: LangevinError | null = null;
  readonly vector: PinnedVector;
  sums: Sums | null = null;
  readonly #grid: BlockGrid;
  readonly #arena: VectorArena;
  readonly #segment: Segment | null;
  readonly #states: Uint8Array;
  /** Blocks of which the segment has a copy. */
  readonly #copied: Uint8Array;
  readonly #facts: BlockFacts[] = [];
  #missing: number;
  /** Pieces that are on their way or may be being read. */
  #inUse = 0;
  /** Set while clipping waits for those. */
  #whenUnused: (() => void) | null = null;

  constructor(grid: BlockGrid, arena: VectorArena, segment: Segment | null) {
    this.size = grid.bytes;
    this.#grid = grid;
    this.#arena = arena;
    this.#segment = segment;
    this.vector = new PinnedVector(arena, arena.takeAddress());
    this.#states = new Uint8Array(grid.blocks);
    this.#copied = new Uint8Array(grid.blocks);
    this.#missing = grid.blocks;
  }

  /** Whether every block is here. */
  get isWhole(): boolean {
    return this.#missing === 0;
  }

  get isInPlace(): boolean {
    return this.#segment?.isInPlace(this.vector.address) ?? false;
  }

  has(block: number): boolean {
    return this.#states[block] !== BlockState.missing;
  }

  /** A block has been written into the vector. */
  add(block: number, facts: BlockFacts, isFinal: boolean): void {
    this.#states[block] = isFinal ? BlockState.final : BlockState.divided;
    this.#facts[block] = facts;
    this.#missing--;
  }

  readyEnd(offset: number, limit: number): number {
    let block = Math.floor(offset / blockBytes);
    const state = this.#states[block] ?? BlockState.missing;
    if (state === BlockState.missing) return offset;
    while (block < this.#grid.blocks && this.#grid.startOf(block + 1) <= limit && this.#states[block] === state) block++;
    return this.#grid.startOf(block);
  }

  piece(offset: number, end: number): Piece {
    const at = this.vector.address + offset;
    const [bytes, sum] = [this.#arena.bytesAt(at, end - offset), this.#arena.kernels.checksum(at, end - offset) >>> 0];
    return { bytes, sum, sent: this.#use(), ...this.#about(offset, end) };
  }

  place(offset: number, end: number): PlacedPiece | null {
    const { first, count } = this.#grid.blocksOf(offset, end - offset);
    const copied = this.#copied.subarray(first, first + count);
    const at = this.vector.address + offset;
    if (copied.includes(0) && !this.#segment?.publish(at, end - offset)) return null;
    copied.fill(1);
    return { at, read: this.#use(), ...this.#about(offset, end) };
  }

  pin(): void {
    this.vector.pin();
  }

  unpin(): void {
    this.vector.unpin();
  }

  /** Clips what is not clipped yet and says what the step has come to. All blocks must be here. */
  async finish(step: number, clipNorm: number | undefined): Promise<HeldResult> {
    const { weightSum, lossSum } = this.sums!; // They come with the blocks.
    const norm = normOfBlocks(this.#facts.map(({ squares }) => squares));
    const loss = Math.fround(lossSum / weightSum);
    const scale = Number.isFinite(norm) && clipNorm !== undefined && norm > clipNorm ? Math.fround(clipNorm / norm) : null;
    if (scale !== null) await this.#clip(scale);
    this.#states.fill(BlockState.final);
    return { step, address: this.vector.address, digest: this.#digest(loss, weightSum), norm, finite: Number.isFinite(norm) && Number.isFinite(loss), loss, weightSum };
  }

  /** A piece leaves; the blocks stay as they are until what is returned was called. */
  #use(): () => void {
    this.#inUse++;
    return () => {
      this.#inUse--;
      if (this.#inUse === 0) this.#whenUnused?.();
    };
  }

  #about(offset: number, end: number): { readonly meta: Uint8Array; readonly flags: number } {
    const { first, count } = this.#grid.blocksOf(offset, end - offset);
    const flags = this.#states[first] === BlockState.final ? finalFlag : 0;
    return { meta: encodeFacts(this.sums!, this.#facts.slice(first, first + count)), flags }; // Blocks come with the sums.
  }

  async #clip(scale: number): Promise<void> {
    // Others get on with it meanwhile: who has its pieces lets go of them, whatever else it waits for.
    while (this.#inUse > 0) await new Promise<void>((resolve) => (this.#whenUnused = resolve));
    this.#whenUnused = null;
    this.#copied.fill(0);
    const { kernels } = this.#arena;
    for (let block = 0; block < this.#grid.blocks; block++) {
      if (this.#states[block] === BlockState.final) continue;
      kernels.scale(this.vector.address + this.#grid.startOf(block), this.#grid.lengthOf(block), scale);
    }
  }

  #digest(loss: number, weightSum: number): string {
    const bytes = Buffer.allocUnsafe(this.#grid.blocks * 8 + 8);
    this.#facts.forEach(({ digest }, block) => bytes.writeBigInt64LE(digest, block * 8));
    bytes.writeFloatLE(loss, bytes.byteLength - 8);
    bytes.writeFloatLE(weightSum, bytes.byteLength - 4);
    return createHash('sha256').update(bytes).digest('hex');
  }
}
