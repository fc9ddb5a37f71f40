import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { ownMemoryName, sharedMemoryFolder } from './shared-memory-files.js';

const nonceBytes = 32;

/** What a peer needs to find a segment and to know that it is the one. */
export interface SegmentName {
  readonly file: string;
  /** What its first bytes are, hexadecimal: another machine's file of the same name has others. */
  readonly nonce: string;
}

/**
 * The image of an arena that processes of one host read: a file in /dev/shm in which the arena's address is the offset. It
 * takes memory for what was published alone, and the same again in the next step.
 */
export class Segment implements Disposable {
  readonly name: SegmentName;
  readonly #path: string;
  readonly #fd: number;

  constructor() {
    const nonce = randomBytes(nonceBytes);
    const file = ownMemoryName('arena');
    this.#path = join(sharedMemoryFolder, file);
    this.#fd = openSync(this.#path, 'wx+', 0o600);
    // The first line of an arena is no vector's.
    writeSync(this.#fd, nonce, 0, nonceBytes, 0);
    this.name = { file, nonce: nonce.toString('hex') };
  }

  /** Lets others read these bytes of the arena as they are now. */
  publish(address: number, bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.byteLength) done += writeSync(this.#fd, bytes, done, bytes.byteLength - done, address + done);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
    unlinkSync(this.#path);
  }
}

/** A peer's segment. What was published stays readable when the peer has gone. */
export class SegmentReader implements Disposable {
  readonly #fd: number;
  readonly #file: string;

  private constructor(fd: number, file: string) {
    this.#fd = fd;
    this.#file = file;
  }

  /** Opens it; null when it is not here, for its owner runs on another host. */
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

  /** Fills `into` from the offset on. Throws `object_corrupt` when the file ends before. */
  read(at: number, into: Uint8Array): void {
    let done = 0;
    while (done < into.byteLength) {
      const count = readSync(this.#fd, into, done, into.byteLength - done, at + done);
      if (count === 0) throw new LangevinError('object_corrupt', `${this.#file} ends before byte ${at + into.byteLength}`);
      done += count;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}
