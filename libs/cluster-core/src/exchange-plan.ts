import type { Share } from './job.js';

/** Elements of the flat gradient in one block: the unit of chunks, of digests and of the clip norm. Fixed for ever: another size gives other bits. */
export const BLOCK_LENGTH = 64 * 1024;

/** Blocks `firstBlock` … `firstBlock + blocks − 1` of the flat gradient, which one member reduces and publishes. */
export interface Chunk {
  readonly ownerId: string;
  readonly firstBlock: number;
  readonly blocks: number;
}

/** Who computes and who reduces what in a step. */
export interface ExchangePlan {
  /** Fences ownership, not content: a higher one replaces a lower one, what was computed or fetched under it stays good. */
  readonly generation: number;
  /** Who computes which subtrees: together every leaf once. */
  readonly shares: readonly Share[];
  /** Who reduces which blocks: together every block once. */
  readonly chunks: readonly Chunk[];
}

/** Blocks of a flat vector of so many elements; the last one may be shorter. */
export function blockCount(elements: number): number {
  return Math.ceil(elements / BLOCK_LENGTH);
}

/**
 * Cuts the blocks into one run for each owner, in order; no two differ by more than one block. Owners beyond the number of
 * blocks get none.
 * @param blocks at least 1
 * @param ownerIds at least one
 */
export function planChunks(blocks: number, ownerIds: readonly string[]): readonly Chunk[] {
  const edge = (index: number): number => Math.floor((index * blocks) / ownerIds.length);
  return ownerIds
    .map((ownerId, index) => ({ ownerId, firstBlock: edge(index), blocks: edge(index + 1) - edge(index) }))
    .filter((chunk) => chunk.blocks > 0);
}
