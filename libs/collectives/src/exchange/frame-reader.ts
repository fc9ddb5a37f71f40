import { crc32 } from 'node:zlib';
import { LangevinError } from '@langevin/contracts';
import { copyBytes } from './copy-bytes.js';
import { decodeHeader, headerBytes } from './frame.js';
import type { Frame } from './frame.js';

/** Who is told of the frames of a connection. */
export interface FrameListener {
  /** A frame has begun: where its body goes, if it has one; null throws the body away. */
  target(frame: Frame, meta: Buffer): Uint8Array | null;
  /** A frame is complete. */
  frame(frame: Frame, meta: Buffer): void;
}

/** Bytes of a frame's beginning that are read with it: a small frame comes whole, of a large body little is copied. */
const headRoomBytes = 4096;

/** Cuts a stream of bytes into frames and puts each body where it belongs. */
export class FrameReader {
  /** May be replaced between frames. */
  listener: FrameListener;
  /** What has come of a header or of meta that lies across two reads. */
  #kept: Buffer = Buffer.alloc(0);
  #sequence = 0;
  #header: (Frame & { readonly metaSum: number }) | null = null;
  #meta: Buffer | null = null;
  #target: Uint8Array | null = null;
  #bodyRead = 0;
  readonly #headRoom = Buffer.allocUnsafeSlow(headRoomBytes);

  constructor(listener: FrameListener) {
    this.listener = listener;
  }

  /** Where the next bytes are best read to: the rest of a body goes straight to its place. What was read goes to `filled`. */
  room(): Uint8Array {
    return this.#target && this.#header ? this.#target.subarray(this.#bodyRead, this.#header.bodyBytes) : this.#headRoom;
  }

  /** So many bytes were read into the room. */
  filled(count: number, room: Uint8Array): void {
    if (room.buffer !== this.#target?.buffer) return this.push(Buffer.from(room.buffer, room.byteOffset, count));
    this.#bodyRead += count;
    if (this.#header && this.#meta && this.#bodyRead === this.#header.bodyBytes) this.#end(this.#header, this.#meta);
  }

  /** Nothing more is written for this request. */
  forget(id: number): void {
    if (this.#header?.id === id) this.#target = null;
  }

  /** Takes what was read; it is not used after the call. Throws the LangevinError that the connection ends with. */
  push(chunk: Buffer): void {
    let bytes = chunk;
    while (bytes.byteLength > 0) bytes = this.#header && this.#meta ? this.#body(bytes) : this.#head(bytes);
  }

  /** Header, then meta: small, so they may be copied. */
  #head(chunk: Buffer): Buffer {
    const bytes = this.#kept.byteLength > 0 ? Buffer.concat([this.#kept, chunk]) : chunk;
    const needed = this.#header ? this.#header.metaBytes : headerBytes;
    if (bytes.byteLength < needed) {
      this.#kept = Buffer.from(bytes);
      return Buffer.alloc(0);
    }
    this.#kept = Buffer.alloc(0);
    const part = bytes.subarray(0, needed);
    if (this.#header) this.#begin(this.#header, Buffer.from(part));
    else {
      this.#header = decodeHeader(part, this.#sequence);
      this.#sequence++;
      if (this.#header.metaBytes === 0) this.#begin(this.#header, part);
    }
    return bytes.subarray(needed);
  }

  #begin(header: Frame & { readonly metaSum: number }, meta: Buffer): void {
    if (header.metaBytes > 0 && crc32(meta) !== header.metaSum) throw new LangevinError('object_corrupt', 'the description of a frame has a wrong checksum');
    this.#meta = header.metaBytes > 0 ? meta : Buffer.alloc(0);
    this.#bodyRead = 0;
    this.#target = header.bodyBytes > 0 ? this.listener.target(header, this.#meta) : null;
    if (header.bodyBytes === 0) this.#end(header, this.#meta);
  }

  #body(bytes: Buffer): Buffer {
    const header = this.#header!; // Who calls has checked both.
    const part = bytes.subarray(0, header.bodyBytes - this.#bodyRead);
    if (this.#target) copyBytes(part, this.#target.subarray(this.#bodyRead));
    this.#bodyRead += part.byteLength;
    if (this.#bodyRead === header.bodyBytes) this.#end(header, this.#meta!);
    return bytes.subarray(part.byteLength);
  }

  #end(header: Frame, meta: Buffer): void {
    this.#header = null;
    this.#meta = null;
    this.#target = null;
    this.listener.frame(header, meta);
  }
}
