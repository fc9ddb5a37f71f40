import { LangevinError } from '@langevin/contracts';
import type { FrameReader } from './frame-reader.js';

/** Who takes what is read from a connection, and is told of what is wrong with it. */
export interface IncomingTarget {
  readonly reader: FrameReader;
  /** Something came. */
  alive?(): void;
  failed(error: LangevinError): void;
}

/** Between a socket, which is made first, and who reads from it. */
export class Incoming {
  #target: IncomingTarget | null = null;
  /** A socket asks for room before anybody reads from it. */
  readonly #firstRoom = Buffer.allocUnsafeSlow(64);

  forward(target: IncomingTarget): void {
    this.#target = target;
  }

  /** Takes bytes that lie elsewhere. */
  read(chunk: Buffer): void {
    this.#take((reader) => reader.push(chunk));
  }

  /** Where the next bytes are read to. */
  room(): Uint8Array {
    return this.#target?.reader.room() ?? this.#firstRoom;
  }

  /** So many bytes were read into the room. */
  filled(count: number, room: Uint8Array): void {
    this.#take((reader) => reader.filled(count, room));
  }

  #take(pass: (reader: FrameReader) => void): void {
    const target = this.#target;
    if (!target) return;
    try {
      target.alive?.();
      pass(target.reader);
    } catch (thrown) {
      // The one who reads by then: a greeting may just have ended.
      this.#target?.failed(LangevinError.from(thrown));
    }
  }
}
