import { RawReply } from '@langevin/rpc';
import { copyBytes } from './copy-bytes.js';
import type { Piece } from './part.js';

/** Tags of the fields of PartPiece (transfer.proto): number · 8 + wire type. */
const tag = { data: (1 << 3) | 2, offset: 2 << 3, meta: (3 << 3) | 2, flags: 4 << 3, checksum: (5 << 3) | 5 } as const;
/** More than offset, flags and checksum, and the lengths of the others, ever take. */
const mostBytes = 64;

/** A PartPiece as protobuf: its content, which is copied once, comes last. */
export class RawPiece extends RawReply {
  readonly byteLength: number;
  readonly #head: Buffer;
  readonly #bytes: Uint8Array;

  constructor({ bytes, meta, flags, sum }: Piece, offset: number) {
    super();
    this.#bytes = bytes;
    this.#head = headOf(offset, meta, flags, sum, bytes.byteLength);
    this.byteLength = this.#head.byteLength + bytes.byteLength;
  }

  copy(into: Buffer, at: number): void {
    this.#head.copy(into, at);
    copyBytes(this.#bytes, into.subarray(at + this.#head.byteLength));
  }
}

function headOf(offset: number, meta: Uint8Array, flags: number, sum: number, bytes: number): Buffer {
  const head = Buffer.allocUnsafe(mostBytes + meta.byteLength);
  let end = 0;
  const writeNumber = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      head[end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    head[end++] = rest;
  };
  writeNumber(tag.offset);
  writeNumber(offset);
  writeNumber(tag.meta);
  writeNumber(meta.byteLength);
  head.set(meta, end);
  end += meta.byteLength;
  writeNumber(tag.flags);
  writeNumber(flags);
  writeNumber(tag.checksum);
  end = head.writeUInt32LE(sum, end);
  writeNumber(tag.data);
  writeNumber(bytes);
  return head.subarray(0, end);
}
