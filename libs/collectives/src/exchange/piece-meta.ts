import { LangevinError } from '@langevin/contracts';

/** The scalars that travel with a sum. */
export interface Sums {
  /** Σ weight, float32 */
  readonly weightSum: number;
  /** Σ loss, float32 */
  readonly lossSum: number;
}

/** What is known of a finished block. */
export interface BlockFacts {
  /** XXH64 of the divided block, before clipping. */
  readonly digest: bigint;
  /** Σ squares of the divided block, before clipping. */
  readonly squares: number;
}

const sumsBytes = 8;
const factsBytes = 16;

export function encodeSums({ weightSum, lossSum }: Sums): Buffer {
  const meta = Buffer.allocUnsafe(sumsBytes);
  meta.writeFloatLE(weightSum, 0);
  meta.writeFloatLE(lossSum, 4);
  return meta;
}

/** Throws `invalid_argument` for what are no sums. */
export function decodeSums(meta: Buffer): Sums {
  if (meta.byteLength < sumsBytes) throw new LangevinError('invalid_argument', `a piece has ${meta.byteLength} bytes of sums instead of ${sumsBytes}`);
  const [weightSum, lossSum] = [meta.readFloatLE(0), meta.readFloatLE(4)];
  if (!(weightSum >= 0 && Number.isFinite(weightSum))) throw new LangevinError('invalid_argument', `a sum has the weight ${weightSum}`);
  return { weightSum, lossSum };
}

export function encodeFacts(sums: Sums, facts: readonly BlockFacts[]): Buffer {
  const meta = Buffer.allocUnsafe(sumsBytes + facts.length * factsBytes);
  encodeSums(sums).copy(meta);
  facts.forEach(({ digest, squares }, index) => {
    meta.writeBigInt64LE(digest, sumsBytes + index * factsBytes);
    meta.writeDoubleLE(squares, sumsBytes + index * factsBytes + 8);
  });
  return meta;
}

/** Throws `invalid_argument` unless there are facts of so many blocks. */
export function decodeFacts(meta: Buffer, blocks: number): { readonly sums: Sums; readonly facts: readonly BlockFacts[] } {
  if (meta.byteLength !== sumsBytes + blocks * factsBytes) throw new LangevinError('invalid_argument', `a piece of ${blocks} blocks came with ${meta.byteLength} bytes of facts`);
  const facts = Array.from({ length: blocks }, (_, index) => {
    const at = sumsBytes + index * factsBytes;
    return { digest: meta.readBigInt64LE(at), squares: meta.readDoubleLE(at + 8) };
  });
  return { sums: decodeSums(meta), facts };
}
