import { crc32 } from 'node:zlib';

/**
 * How records lie in a file, and in a segment of the store: a header, then frames.
 *
 * Header, 24 bytes: magic (8), generation (u32), crc32 of the other 20 bytes (u32), sequence of the first record (u64).
 * Frame, 24 bytes and the payload: length of the payload (u32), crc32 of all the rest (u32), sequence (u64), synced (u64). All little-endian.
 *
 * `synced` is how much of the file was known to be on the disk when the frame was written: by it a reader tells bytes that have changed
 * since from bytes that a power cut never let get there. A frame without payload is a mark: it carries only that.
 */
const magic = Buffer.from('LGVLOG1\n', 'latin1');

/** Bytes before the first frame. */
export const headerBytes = 24;

const frameHeaderBytes = 24;
const crcAt = 4;
const sequenceAt = 8;
const syncedAt = 16;

/** Longest payload, in bytes. What claims to be longer is damaged. */
export const maxPayloadBytes = 1 << 28;

/** Good frames after a bad one are looked for among these many sequences: far more than a log holds. */
const plausibleRecords = 2 ** 31;

/** What a log begins with. */
export interface LogHeader {
  /** 1 for the first file of a log, and one more each time that it was compacted. */
  readonly generation: number;
  /** Sequence of the first record. */
  readonly first: number;
}

/** One frame as it was read. */
export interface Frame {
  readonly sequence: number;
  /** Bytes of the file that were on the disk when this was written. */
  readonly synced: number;
  /** Empty in a mark. */
  readonly payload: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** What a file, or a segment, was found to hold. */
export interface Scan {
  readonly header: LogHeader;
  /** Payloads of the records, in order. */
  readonly payloads: readonly Buffer[];
  /** Bytes from the start that are good. */
  readonly goodBytes: number;
  /** Whether the last good frame is a mark. */
  readonly endsInMark: boolean;
  /** What follows the good bytes; null when nothing does. */
  readonly damage: Damage | null;
}

/** What lies behind the good bytes. */
export interface Damage {
  /** Bytes from there to the end. */
  readonly bytes: number;
  /** Good records among them. */
  readonly laterRecords: number;
  /** Whether a later frame says that the damaged place had been on the disk: then it has changed since, and no power cut explains it. */
  readonly wasSynced: boolean;
}

export function encodeHeader({ generation, first }: LogHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  magic.copy(bytes);
  bytes.writeUInt32LE(generation, 8);
  bytes.writeBigUInt64LE(BigInt(first), 16);
  bytes.writeUInt32LE(headerCrc(bytes), 12);
  return bytes;
}

function headerCrc(bytes: Buffer): number {
  return crc32(bytes.subarray(16, headerBytes), crc32(bytes.subarray(0, 12)));
}

/** The header of a file; `undefined` if it has none that is intact. */
function decodeHeader(bytes: Buffer): LogHeader | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(magic) || bytes.readUInt32LE(12) !== headerCrc(bytes)) return undefined;
  return { generation: bytes.readUInt32LE(8), first: Number(bytes.readBigUInt64LE(16)) };
}

/** @param payload JSON in UTF-8; empty for a mark */
export function encodeFrame(sequence: number, synced: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(frameHeaderBytes + payload.byteLength);
  bytes.writeUInt32LE(payload.byteLength, 0);
  bytes.writeBigUInt64LE(BigInt(sequence), sequenceAt);
  bytes.writeBigUInt64LE(BigInt(synced), syncedAt);
  bytes.set(payload, frameHeaderBytes);
  bytes.writeUInt32LE(frameCrc(bytes), crcAt);
  return bytes;
}

function frameCrc(frame: Buffer): number {
  return crc32(frame.subarray(sequenceAt), crc32(frame.subarray(0, crcAt)));
}

/** The frame at `offset`; `undefined` if none that is intact begins there. */
function frameAt(bytes: Buffer, offset: number): Frame | undefined {
  if (offset + frameHeaderBytes > bytes.length) return undefined;
  const end = offset + frameHeaderBytes + bytes.readUInt32LE(offset);
  if (end > bytes.length || end - offset > frameHeaderBytes + maxPayloadBytes) return undefined;
  const frame = bytes.subarray(offset, end);
  if (frame.readUInt32LE(crcAt) !== frameCrc(frame)) return undefined;
  return {
    sequence: Number(frame.readBigUInt64LE(sequenceAt)),
    synced: Number(frame.readBigUInt64LE(syncedAt)),
    payload: frame.subarray(frameHeaderBytes),
    end,
  };
}

/** Reads frames until the first that is torn, damaged or out of order. `undefined` without an intact header. */
export function scan(bytes: Buffer): Scan | undefined {
  const header = decodeHeader(bytes);
  if (!header) return undefined;
  const payloads: Buffer[] = [];
  let endsInMark = false;
  let at = headerBytes;
  while (at < bytes.length) {
    const frame = frameAt(bytes, at);
    const expected = header.first + payloads.length;
    if (!frame || frame.sequence !== (isMark(frame) ? expected - 1 : expected)) break;
    endsInMark = isMark(frame);
    if (!endsInMark) payloads.push(frame.payload);
    at = frame.end;
  }
  const damage = at < bytes.length ? examine(bytes, at, header.first + payloads.length) : null;
  return { header, payloads, goodBytes: at, endsInMark, damage };
}

function isMark(frame: Frame): boolean {
  return frame.payload.length === 0;
}

/** What lies behind a bad frame. Its length cannot be trusted, so every byte may be the start of a good one. */
function examine(bytes: Buffer, bad: number, sequence: number): Damage {
  let laterRecords = 0;
  let wasSynced = false;
  for (let at = bad + 1; at + frameHeaderBytes <= bytes.length; ) {
    const frame = isPlausible(bytes, at, sequence) ? frameAt(bytes, at) : undefined;
    if (!frame) {
      at++;
      continue;
    }
    if (!isMark(frame)) laterRecords++;
    wasSynced ||= frame.synced > bad;
    at = frame.end;
  }
  return { bytes: bytes.length - bad, laterRecords, wasSynced };
}

/** Cheap to tell for nearly every place where no frame begins; the checksum of what claims to be long is not. */
function isPlausible(bytes: Buffer, at: number, sequence: number): boolean {
  if (bytes.readUInt32LE(at) > bytes.length - at) return false;
  const later = bytes.readUInt32LE(at + sequenceAt + 4) * 2 ** 32 + bytes.readUInt32LE(at + sequenceAt) - sequence;
  return later >= -1 && later < plausibleRecords;
}
