import { LangevinError } from '@langevin/contracts';
import { blockBytes } from './block-grid.js';
import type { Part } from './part.js';
import type { Shelf } from './shelf.js';

/** How a link takes pieces. */
export interface PieceSender {
  /** Whether pieces go by reference. */
  readonly byReference: boolean;
  /** Sends a piece of a part; `sent` is called when its bytes have left. */
  send(id: number, part: Part, offset: number, end: number, sent: () => void): void;
  fail(id: number, error: LangevinError): void;
}

/** Bytes of a piece: so few that what was just written is still in the cache when it is read. */
const pieceBytes = blockBytes;

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
  readonly #pump = (): void => this.#sendReady();

  constructor(shelf: Shelf, sender: PieceSender, request: { id: number; name: string; offset: number; end: number }) {
    this.#shelf = shelf;
    this.#sender = sender;
    this.#id = request.id;
    this.#name = request.name;
    this.#offset = request.offset;
    this.#end = request.end;
    shelf.watch(this.#name, this.#pump);
    this.#sendReady();
  }

  /** The peer has everything or wants no more, or the link is broken. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#shelf.unwatch(this.#name, this.#pump);
    this.#part?.unpin();
  }

  #sendReady(): void {
    try {
      while (!this.#isOver && this.#inFlight < piecesInFlight && this.#offset < this.#end && this.#sendPiece());
    } catch (thrown) {
      this.stop();
      this.#sender.fail(this.#id, LangevinError.from(thrown));
    }
  }

  /** Sends one piece if one is ready. */
  #sendPiece(): boolean {
    const part = this.#shelf.find(this.#name);
    if (this.#part && part !== this.#part) throw new LangevinError('content_missing', `${this.#name} is not held here any more`);
    if (!part) return false;
    if (!this.#part) this.#take(part);
    const end = Math.min(part.readyEnd(this.#offset, Math.min(this.#end, this.#offset + pieceBytes), this.#sender.byReference), this.#end);
    if (end <= this.#offset) return false;
    const offset = this.#offset;
    this.#offset = end;
    this.#inFlight++;
    this.#sender.send(this.#id, part, offset, end, () => {
      this.#inFlight--;
      this.#sendReady();
    });
    return true;
  }

  #take(part: Part): void {
    if (this.#end > part.size) throw new LangevinError('invalid_argument', `${this.#name} has ${part.size} bytes, ${this.#end} were asked for`);
    this.#part = part;
    part.pin();
  }
}
