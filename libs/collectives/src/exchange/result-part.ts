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
  /** The state in which a block lies in the segment: it stays, for somebody may be reading it. */
  readonly #placed: Uint8Array;
  readonly #facts: BlockFacts[] = [];
  #missing: number;
  #inFlight = 0;
  /** Set while clipping waits for what is on its way: nothing else is sent. */
  #whenSent: (() => void) | null = null;

  constructor(grid: BlockGrid, arena: VectorArena, segment: Segment | null) {
    this.size = grid.bytes;
    this.#grid = grid;
    this.#arena = arena;
    this.#segment = segment;
    this.vector = new PinnedVector(arena, arena.takeAddress());
    this.#states = new Uint8Array(grid.blocks);
    this.#placed = new Uint8Array(grid.blocks);
    this.#missing = grid.blocks;
  }

  /** Whether every block is here. */
  get isWhole(): boolean {
    return this.#missing === 0;
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

  readyEnd(offset: number, limit: number, byReference: boolean): number {
    if (this.#whenSent) return offset;
    let block = Math.floor(offset / blockBytes);
    const state = this.#served(block, byReference);
    if (state === BlockState.missing) return offset;
    while (block < this.#grid.blocks && this.#grid.startOf(block + 1) <= limit && this.#served(block, byReference) === state) block++;
    return this.#grid.startOf(block);
  }

  piece(offset: number, end: number): Piece {
    const at = this.vector.address + offset;
    const [bytes, sum] = [this.#arena.bytesAt(at, end - offset), this.#arena.kernels.checksum(at, end - offset) >>> 0];
    this.#inFlight++;
    const sent = (): void => {
      this.#inFlight--;
      if (this.#inFlight === 0) this.#whenSent?.();
    };
    return { bytes, sum, sent, ...this.#about(offset, end, false) };
  }

  place(offset: number, end: number): PlacedPiece | null {
    if (!this.#segment) return null;
    const { first, count } = this.#grid.blocksOf(offset, end - offset);
    const states = this.#placed.subarray(first, first + count);
    if (states.includes(BlockState.missing)) {
      // All of one state: what lies there already is written again as it was.
      this.#segment.publish(this.vector.address + offset, this.#arena.bytesAt(this.vector.address + offset, end - offset));
      states.set(this.#states.subarray(first, first + count));
    }
    return { at: this.vector.address + offset, ...this.#about(offset, end, true) };
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

  #served(block: number, byReference: boolean): number {
    return (byReference && this.#placed[block]) || (this.#states[block] ?? BlockState.missing);
  }

  #about(offset: number, end: number, byReference: boolean): { readonly meta: Uint8Array; readonly flags: number } {
    const { first, count } = this.#grid.blocksOf(offset, end - offset);
    const flags = this.#served(first, byReference) === BlockState.final ? finalFlag : 0;
    return { meta: encodeFacts(this.sums!, this.#facts.slice(first, first + count)), flags }; // Blocks come with the sums.
  }

  async #clip(scale: number): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#whenSent = resolve));
    this.#whenSent = null;
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
