import { LangevinError } from '@langevin/contracts';
import { normBlockLength } from '../global-norm.js';

/** Bytes of a block, but for the last one. */
export const blockBytes = normBlockLength * 4;

/** The blocks of a flat vector: the unit of all that is exchanged. */
export class BlockGrid {
  readonly elements: number;
  readonly blocks: number;
  readonly bytes: number;

  constructor(elements: number) {
    this.elements = elements;
    this.blocks = Math.ceil(elements / normBlockLength);
    this.bytes = elements * 4;
  }

  /** First byte of a block; of the block after the last one, the end. */
  startOf(block: number): number {
    return Math.min(block * blockBytes, this.bytes);
  }

  /** Elements of a block. */
  lengthOf(block: number): number {
    return Math.min(normBlockLength, this.elements - block * normBlockLength);
  }

  /** The blocks of a piece. Throws `invalid_argument` for one that cuts a block. */
  blocksOf(offset: number, length: number): { readonly first: number; readonly count: number } {
    const [first, end] = [offset / blockBytes, Math.ceil((offset + length) / blockBytes)];
    if (Number.isInteger(first) && this.startOf(end) === offset + length && length > 0) return { first, count: end - first };
    throw new LangevinError('invalid_argument', `bytes ${offset} to ${offset + length} are no whole blocks`);
  }
}
