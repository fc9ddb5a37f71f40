import { LangevinError } from '@langevin/contracts';
import { storageError } from './file-errors.js';
import { bodyPieces, bodySize } from './object-body.js';
import type { ObjectBody } from './object-store.js';

/** A part of a body. */
export interface Part {
  /** From 1 on. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Reads a body in parts, for any number of callers that take them in turn. */
export class PartReader {
  readonly #size: number;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #taken = 0;
  #number = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(body: ObjectBody) {
    this.#size = bodySize(body);
    this.#pieces = bodyPieces(body);
  }

  /**
   * Fills `buffer` with the next part, which is shorter only at the end; `undefined` after it.
   * @throws LangevinError `storage_failed` when the body has another size than it said, or cannot be read
   */
  next(buffer: Uint8Array): Promise<Part | undefined> {
    const part = this.#last.then(() => this.#fill(buffer));
    this.#last = part.catch(() => undefined);
    return part;
  }

  /** Lets go of what the body is read from. */
  async close(): Promise<void> {
    await this.#last;
    await this.#pieces.return?.();
  }

  async #fill(buffer: Uint8Array): Promise<Part | undefined> {
    let filled = 0;
    while (filled < buffer.byteLength && (await this.#more())) {
      const piece = this.#rest.subarray(0, buffer.byteLength - filled);
      buffer.set(piece, filled);
      filled += piece.byteLength;
      this.#rest = this.#rest.subarray(piece.byteLength);
    }
    this.#taken += filled;
    const isEnd = filled < buffer.byteLength;
    if (this.#taken > this.#size || (isEnd && this.#taken < this.#size)) {
      throw new LangevinError('storage_failed', `a body of ${this.#size} bytes was announced, ${this.#taken} came: it changed while it was read`);
    }
    return filled === 0 ? undefined : { number: ++this.#number, bytes: buffer.subarray(0, filled) };
  }

  /** Whether there is anything left. */
  async #more(): Promise<boolean> {
    while (this.#rest.byteLength === 0) {
      try {
        const { done, value } = await this.#pieces.next();
        if (done) return false;
        this.#rest = value;
      } catch (thrown) {
        throw await storageError(thrown, '.', 'reading what was to be stored');
      }
    }
    return true;
  }
}

/**
 * All bytes of a body, for bodies that are small.
 * @throws LangevinError `storage_failed` when the body has another size than it said, or cannot be read
 */
export async function readBody(body: ObjectBody): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const reader = new PartReader(body);
  try {
    // One byte more than there should be, to notice one more than there should be.
    return (await reader.next(new Uint8Array(body.size + 1)))?.bytes ?? new Uint8Array(0);
  } finally {
    await reader.close();
  }
}
