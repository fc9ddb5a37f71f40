import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { firstTicketByte, nonceBytes, tickets } from './segment.js';
import type { SegmentName, Ticket } from './segment.js';
import { sharedMemoryFolder } from './shared-memory-files.js';

/** Where a link's references point to. */
export interface ReferenceSource {
  readonly reader: SegmentReader;
  readonly ticket: Ticket;
}

/** A peer's segment. What was published stays readable when the peer has gone, for as long as somebody here holds the reader. */
export class SegmentReader {
  readonly file: string;
  readonly fd: number;
  readonly #whenClosed = new Set<() => void>();
  #holds = 1;

  private constructor(fd: number, file: string) {
    this.fd = fd;
    this.file = file;
  }

  /** Opens it, held once; null when it is not here, for its owner runs on another host. */
  static open({ file, nonce }: SegmentName): SegmentReader | null {
    if (!/^langevin-[\w-]+\.arena$/.test(file)) throw new LangevinError('invalid_argument', `${file} is no name of a segment`);
    let fd;
    try {
      fd = openSync(join(sharedMemoryFolder, file), 'r');
    } catch {
      // Whatever the reason: what cannot be opened is not shared.
      return null;
    }
    const found = Buffer.alloc(nonceBytes);
    readSync(fd, found, 0, nonceBytes, 0);
    if (fstatSync(fd).isFile() && found.toString('hex') === nonce) return new SegmentReader(fd, file);
    closeSync(fd);
    return null;
  }

  /** Bytes that the file has. It becomes no shorter. */
  get size(): number {
    return fstatSync(this.fd).size;
  }

  /** Fills `into` from the offset on. Throws `object_corrupt` when the file ends before. */
  read(at: number, into: Uint8Array): void {
    let done = 0;
    while (done < into.byteLength) {
      const count = readSync(this.fd, into, done, into.byteLength - done, at + done);
      if (count === 0) throw new LangevinError('object_corrupt', `${this.file} ends before byte ${at + into.byteLength}`);
      done += count;
    }
  }

  /** Whether what was read before this call is what was promised over the link that has the ticket. */
  isCurrent({ slot, value }: Ticket): boolean {
    const counter = Buffer.alloc(4);
    return slot < tickets && readSync(this.fd, counter, 0, 4, firstTicketByte + slot * 4) === 4 && counter.readInt32LE() === value;
  }

  hold(): void {
    this.#holds++;
  }

  /** With the last hold the file is closed. */
  release(): void {
    this.#holds--;
    if (this.#holds > 0) return;
    for (const tell of this.#whenClosed) tell();
    closeSync(this.fd);
  }

  /** Has it called before the file is closed; each function once. */
  onClosed(tell: () => void): void {
    this.#whenClosed.add(tell);
  }
}
