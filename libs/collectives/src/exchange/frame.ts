import { crc32 } from 'node:zlib';
import { LangevinError } from '@langevin/contracts';

/** What a frame says. */
export const FrameType = {
  /** First frame of who dialled: who it is. */
  hello: 1,
  /** The answer to it: who answers. */
  welcome: 2,
  /** Why the connection is closed; the last frame. */
  refuse: 3,
  ping: 4,
  pong: 5,
  /** Asks for a range of a part; answered as soon as it is there. */
  pull: 6,
  /** A piece of what was asked for. */
  data: 7,
  /** Where a piece lies in the sender's shared memory. */
  reference: 8,
  /** Why what was asked for will not come. */
  failed: 9,
  /** Who asked has read everything, or wants no more. */
  done: 10,
  /** The file that references are about. */
  segment: 11,
  /** The file was found: references are understood. */
  segmentSeen: 12,
} as const;

export type FrameTypeCode = (typeof FrameType)[keyof typeof FrameType];

export const headerBytes = 64;
const maxMetaBytes = 64 * 1024;
/** Bytes of a piece that this version sends: so few that what was just written is still in the cache when it is read. */
export const pieceBytes = 512 * 1024;
/** Bytes of a piece that it takes. */
const maxBodyBytes = 1024 * 1024;

const magic = 0x5847_564c; // "LVGX"
const version = 1;
const lastType = FrameType.segmentSeen;

/** A frame without its bytes. */
export interface Frame {
  readonly type: FrameTypeCode;
  readonly flags: number;
  /** Of the request that it belongs to, chosen by who asks. */
  readonly id: number;
  /** First byte of the part that it is about. */
  readonly offset: number;
  /** Bytes of the part, from there on. */
  readonly length: number;
  readonly metaBytes: number;
  readonly bodyBytes: number;
  /** Checksum of the body. */
  readonly bodySum: number;
}

/** What a frame is written from; what is left out is 0. */
export type FrameFields = Pick<Frame, 'type'> & Partial<Omit<Frame, 'type' | 'metaBytes'>>;

/** The bytes of a frame, without its body. `sequence` counts the frames of one direction, so that none can be played again. */
export function encodeFrame(fields: FrameFields, sequence: number, meta?: Uint8Array): Buffer {
  const metaBytes = meta?.byteLength ?? 0;
  const bytes = Buffer.allocUnsafe(headerBytes + metaBytes);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt16LE(version, 4);
  bytes[6] = fields.type;
  bytes[7] = fields.flags ?? 0;
  bytes.writeUInt32LE(fields.id ?? 0, 8);
  bytes.writeUInt32LE(metaBytes, 12);
  bytes.writeUInt32LE(fields.bodyBytes ?? 0, 16);
  bytes.writeUInt32LE((fields.bodySum ?? 0) >>> 0, 20);
  bytes.writeDoubleLE(fields.offset ?? 0, 24);
  bytes.writeDoubleLE(fields.length ?? 0, 32);
  bytes.writeDoubleLE(sequence, 40);
  bytes.writeDoubleLE(0, 48);
  bytes.writeUInt32LE(meta ? crc32(meta) : 0, 56);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
  if (meta) bytes.set(meta, headerBytes);
  return bytes;
}

/** Reads a header. Throws `object_corrupt`, `version_mismatch` or `invalid_argument` for one that no member could have sent now. */
export function decodeHeader(bytes: Buffer, sequence: number): Frame & { readonly metaSum: number } {
  if (bytes.readUInt32LE(0) !== magic) throw new LangevinError('invalid_argument', 'this is no frame of the exchange');
  const theirs = bytes.readUInt16LE(4);
  if (theirs !== version) throw new LangevinError('version_mismatch', `frame of version ${theirs}, this process speaks version ${version}: install the same Langevin everywhere`);
  if (bytes.readUInt32LE(60) !== crc32(bytes.subarray(0, 60))) throw new LangevinError('object_corrupt', 'the header of a frame has a wrong checksum');
  const got = bytes.readDoubleLE(40);
  if (got !== sequence) throw new LangevinError('invalid_argument', `frame ${got} came where frame ${sequence} was due: it was played again or lost`);
  const frame = {
    type: bytes[6] as FrameTypeCode, // Checked below.
    flags: bytes[7]!, // The header is longer.
    id: bytes.readUInt32LE(8),
    metaBytes: bytes.readUInt32LE(12),
    bodyBytes: bytes.readUInt32LE(16),
    bodySum: bytes.readUInt32LE(20),
    offset: bytes.readDoubleLE(24),
    length: bytes.readDoubleLE(32),
    metaSum: bytes.readUInt32LE(56),
  };
  checkFrame(frame);
  return frame;
}

function checkFrame(frame: Frame): void {
  const { type, offset, length, metaBytes, bodyBytes } = frame;
  if (type < 1 || type > lastType) throw new LangevinError('invalid_argument', `there is no frame of type ${type}`);
  if (!isCount(offset) || !isCount(length)) throw new LangevinError('invalid_argument', `a frame is about ${length} bytes from ${offset} on`);
  if (metaBytes > maxMetaBytes) throw new LangevinError('invalid_argument', `a frame has ${metaBytes} bytes of description, at most ${maxMetaBytes} are allowed`);
  const limit = type === FrameType.data ? maxBodyBytes : 0;
  if (bodyBytes > limit) throw new LangevinError('invalid_argument', `a frame of type ${type} has ${bodyBytes} bytes of content, at most ${limit} are allowed`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
