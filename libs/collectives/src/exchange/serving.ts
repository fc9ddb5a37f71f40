import { LangevinError } from '@langevin/contracts';
import { blockBytes } from './block-grid.js';
import type { Part } from './part.js';
import type { Shelf } from './shelf.js';

/** A piece of what was asked for. */
export interface PieceToSend {
  readonly id: number;
  readonly part: Part;
  readonly offset: number;
  readonly end: number;
  /** Its bytes have left. */
  readonly sent: () => void;
  /** It is read in place: calls back when the peer needs it no more. */
  readonly keep: (read: () => void) => void;
}

/** How a link takes pieces. */
export interface PieceSender {
  /** Bytes of a piece, whole blocks. */
  readonly pieceBytes: number;
  /** Whether pieces go by reference. */
  readonly byReference: boolean;
  send(piece: PieceToSend): void;
  fail(id: number, error: LangevinError): void;
}

/** Bytes of a piece that is read where it lies: what is told of its blocks has room in a frame. */
const referenceBytes = 1024 * blockBytes;

/** Pieces of one request that are on their way: more would only fill memory. */
const piecesInFlight = 2;

/** Answers one request for a range of a part, piece by piece as it comes into being. */
export class Serving {
  readonly #shelf: Shelf;
  readonly #sender: PieceSender;
  readonly #id: number;
  readonly #name: string;
  readonly #end: number;
  #offset: number;
  #inFlight = 0;
  #part: Part | null = null;
  #isOver = false;
  #isStopped = false;
  /** Pieces that the peer may be reading. */
  readonly #kept: (() => void)[] = [];
  readonly #pump = (): void => this.#sendReady();

  constructor(shelf: Shelf, sender: PieceSender, request: { id: number; name: string; offset: number; end: number }) {
    this.#shelf = shelf;
    this.#sender = sender;
    this.#id = request.id;
    this.#name = request.name;
    this.#offset = request.offset;
    this.#end = request.end;
    if (!(this.#offset < this.#end && Number.isSafeInteger(this.#end))) {
      this.#isOver = true;
      sender.fail(this.#id, new LangevinError('invalid_argument', `no part has bytes ${this.#offset} to ${this.#end}`));
      return;
    }
    shelf.watch(this.#name, this.#pump);
    this.#sendReady();
  }

  /** The peer has everything or wants no more, or the link is broken. */
  stop(): void {
    this.#sendNoMore();
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const read of this.#kept.splice(0)) read();
    this.#part?.unpin();
  }

  #sendNoMore(): void {
    this.#isOver = true;
    this.#shelf.unwatch(this.#name, this.#pump);
  }

  #sendReady(): void {
    try {
      while (!this.#isOver && this.#inFlight < piecesInFlight && this.#offset < this.#end && this.#sendPiece());
    } catch (thrown) {
      this.#sendNoMore();
      this.#sender.fail(this.#id, LangevinError.from(thrown));
    }
  }

  /** Sends one piece if one is ready. */
  #sendPiece(): boolean {
    const part = this.#shelf.find(this.#name);
    if (this.#part && part !== this.#part) throw new LangevinError('content_missing', `${this.#name} is not held here any more`);
    if (!part) return false;
    if (!this.#part) this.#take(part);
    const most = this.#sender.byReference && part.isInPlace ? referenceBytes : this.#sender.pieceBytes;
    const end = Math.min(part.readyEnd(this.#offset, Math.min(this.#end, this.#offset + most)), this.#end);
    if (end <= this.#offset) return false;
    const offset = this.#offset;
    this.#offset = end;
    this.#inFlight++;
    const sent = (): void => {
      this.#inFlight--;
      this.#sendReady();
    };
    this.#sender.send({ id: this.#id, part, offset, end, sent, keep: (read) => void this.#kept.push(read) });
    return true;
  }

  #take(part: Part): void {
    if (this.#end > part.size) throw new LangevinError('invalid_argument', `${this.#name} has ${part.size} bytes, ${this.#end} were asked for`);
    this.#part = part;
    part.pin();
  }
}
