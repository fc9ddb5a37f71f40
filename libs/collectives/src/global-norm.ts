import type { Vector } from './vector-arena.js';

/** Elements whose squares are summed in one go. Fixed for ever: another size gives other bits. */
export const normBlockLength = 64 * 1024;

/**
 * Euclidean norm in float64: each block of 64 Ki elements is summed by the kernel, the blocks' sums by a binary tree (zeros
 * fill it up to a power of two). Neither the number of trainers nor how the vector travelled enters. It is finite exactly
 * when every element is, for no sum of squares of float32 numbers reaches the limit of float64.
 */
export function globalNorm(vector: Vector): number {
  const { kernels, length } = vector.arena;
  const sums: number[] = [];
  for (let first = 0; first < length; first += normBlockLength) {
    sums.push(kernels.sumSquares(vector.address + first * 4, Math.min(normBlockLength, length - first)));
  }
  return normOfBlocks(sums);
}

/** Euclidean norm from the sums of squares of the blocks, in order. */
export function normOfBlocks(squares: readonly number[]): number {
  let sums = squares;
  while (sums.length > 1) {
    const level = sums;
    sums = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => (level[2 * i] ?? 0) + (level[2 * i + 1] ?? 0));
  }
  return Math.sqrt(sums[0] ?? 0);
}
