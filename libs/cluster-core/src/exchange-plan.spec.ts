import { BLOCK_LENGTH, blockCount, planChunks } from './exchange-plan.js';

describe('planChunks', () => {
  it.each([[1, 1], [1, 5], [5, 1], [7, 3], [64, 8], [1000, 7]])('gives %d blocks one owner each of %d, in order, to within one', (blocks, owners) => {
    const chunks = planChunks(blocks, Array.from({ length: owners }, (_, index) => `t${index}`));
    let next = 0;
    for (const { firstBlock, blocks: count } of chunks) {
      expect(firstBlock).toBe(next);
      next += count;
    }
    expect(next).toBe(blocks);
    const sizes = chunks.map((chunk) => chunk.blocks);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(chunks).toHaveLength(Math.min(blocks, owners));
  });
});

describe('blockCount', () => {
  it('counts a last block that is shorter', () => {
    expect([1, BLOCK_LENGTH, BLOCK_LENGTH + 1].map(blockCount)).toEqual([1, 1, 2]);
  });
});
