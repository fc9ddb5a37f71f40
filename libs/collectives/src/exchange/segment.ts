import { randomBytes } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ArenaFile, VectorArena } from '../vector-arena.js';
import { ownMemoryName, sharedMemoryFolder } from './shared-memory-files.js';

/** Bytes by which a segment is known: its first ones. */
export const nonceBytes = 32;
/** In the first page of a segment, which is no vector's: a counter for each link, at 4 bytes each. */
export const [firstTicketByte, tickets] = [64, 960];

/** What a peer needs to find a segment and to know that it is the one. */
export interface SegmentName {
  readonly file: string;
  /** What its first bytes are, hexadecimal: another machine's file of the same name has others. */
  readonly nonce: string;
}

/**
 * What a link may read in a segment: for as long as its counter has this value. Its owner raises it before memory that was promised
 * over the link may change, so that who was held up in the middle of reading notices.
 */
export interface Ticket {
  readonly slot: number;
  readonly value: number;
}

/** What processes of one host read of this one's arena: a file in /dev/shm in which the arena's address is the offset. */
export interface Segment extends Disposable {
  readonly name: SegmentName;
  /** Whether the vector there and its image are the same memory. */
  isInPlace(address: number): boolean;
  /** Lets others read these bytes as they are now. False when there is no room for them. */
  publish(address: number, length: number): boolean;
  /** For a new link. */
  ticket(): Ticket;
  /** Whoever has the ticket can trust nothing that it reads from now on. */
  revoke(ticket: Ticket): void;
}

/** A file for a segment. It is never made shorter: who has mapped it would be killed. */
export class SegmentFile implements ArenaFile, Disposable {
  readonly file = ownMemoryName('arena');
  readonly nonce: string;
  readonly fd: number;

  constructor() {
    const nonce = randomBytes(nonceBytes);
    this.nonce = nonce.toString('hex');
    this.fd = openSync(join(sharedMemoryFolder, this.file), 'wx+', 0o600);
    // The first page of an arena is no vector's.
    writeSync(this.fd, Buffer.concat([nonce], firstTicketByte + tickets * 4));
  }

  /** Who has it open can still read it. */
  [Symbol.dispose](): void {
    closeSync(this.fd);
    unlinkSync(join(sharedMemoryFolder, this.file));
  }
}

/** The file is the arena: nothing is copied. */
export class MappedSegment implements Segment {
  readonly name: SegmentName;
  readonly #arena: VectorArena;
  readonly #counters: Int32Array<SharedArrayBuffer>;
  #links = 0;

  constructor({ file, nonce }: SegmentName, arena: VectorArena) {
    this.name = { file, nonce };
    this.#arena = arena;
    this.#counters = new Int32Array(arena.buffer, firstTicketByte, tickets);
  }

  isInPlace(address: number): boolean {
    return this.#arena.isShared(address);
  }

  publish(address: number): boolean {
    return this.#arena.isShared(address);
  }

  ticket(): Ticket {
    const slot = this.#links++ % tickets;
    return { slot, value: Atomics.load(this.#counters, slot) };
  }

  revoke({ slot }: Ticket): void {
    Atomics.add(this.#counters, slot, 1);
  }

  [Symbol.dispose](): void {
    // The file belongs to who has made the arena.
  }
}

/** What is published is copied into the file, which takes memory for that alone. */
export class CopiedSegment implements Segment {
  readonly name: SegmentName;
  readonly #file = new SegmentFile();
  readonly #arena: VectorArena;
  readonly #counters = new Int32Array(tickets);
  #links = 0;
  #isOver = false;

  constructor(arena: VectorArena) {
    this.name = { file: this.#file.file, nonce: this.#file.nonce };
    this.#arena = arena;
  }

  isInPlace(): boolean {
    return false;
  }

  publish(address: number, length: number): boolean {
    const bytes = this.#arena.bytesAt(address, length);
    try {
      let done = 0;
      while (done < length) done += writeSync(this.#file.fd, bytes, done, length - done, address + done);
      return true;
    } catch {
      // No room: the bytes go over the connection.
      return false;
    }
  }

  ticket(): Ticket {
    const slot = this.#links++ % tickets;
    return { slot, value: this.#counters[slot]! }; // Within its length.
  }

  revoke({ slot }: Ticket): void {
    this.#counters[slot]!++; // As above.
    if (!this.#isOver) writeSync(this.#file.fd, this.#counters, slot * 4, 4, firstTicketByte + slot * 4);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#file[Symbol.dispose]();
  }
}
