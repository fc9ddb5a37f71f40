import type { Duplex } from 'node:stream';
import { LangevinError } from '@langevin/contracts';
import { errorMeta, parseErrorMeta, parseMeta } from './error-meta.js';
import { encodeFrame, FrameType, pieceBytes } from './frame.js';
import type { Frame, FrameFields } from './frame.js';
import type { FrameListener, FrameReader } from './frame-reader.js';
import type { IncomingTarget } from './incoming.js';
import type { LinkPull, PullLink } from './pull-link.js';
import type { ArrivedPiece } from './pull-sink.js';
import type { Segment, SegmentName, Ticket } from './segment.js';
import type { ReferenceSource, SegmentReader } from './segment-reader.js';
import { Serving } from './serving.js';
import type { PieceSender, PieceToSend } from './serving.js';
import type { Shelf } from './shelf.js';
import { pingMs, Silence } from './silence.js';

/** Requests that one peer may have open: more is no peer of ours. */
const maxServings = 4096;

/** Who owns a link. */
export interface LinkOwner {
  readonly shelf: Shelf;
  /** What this side shares now: it is announced at once to a new link. */
  readonly segment: Segment | null;
  /** A peer's segment; null when it is not on this host, or shared memory is not to be used. Held once more. */
  openSegment(name: SegmentName): SegmentReader | null;
  /** Called once, with why. */
  broken(link: Link, error: LangevinError): void;
}

/** One authenticated connection to a peer, over which both sides ask and answer. */
export class Link implements PullLink, PieceSender, FrameListener, IncomingTarget {
  readonly #socket: Duplex;
  readonly #owner: LinkOwner;
  readonly reader: FrameReader;
  readonly #pulls = new Map<number, LinkPull>();
  readonly #servings = new Map<number, Serving>();
  readonly #silence: Silence;
  #sequence: number;
  #nextId = 1;
  /** What the peer shares. */
  #theirs: ReferenceSource | null = null;
  /** What this side shares over this link. */
  #ours: { readonly segment: Segment; readonly ticket: Ticket } | null = null;
  #isOver = false;
  #isGathering = false;
  byReference = false;
  readonly pieceBytes = pieceBytes;

  /**
   * @param reader of the socket, which has read the greeting
   * @param sequence frames that were sent on the socket before it became a link
   */
  constructor(socket: Duplex, reader: FrameReader, owner: LinkOwner, sequence: number) {
    this.#socket = socket;
    this.#owner = owner;
    this.#sequence = sequence;
    this.reader = reader;
    reader.listener = this;
    this.#silence = new Silence((error) => this.#break(error), () => this.#send({ type: FrameType.ping }));
    socket.on('error', (error) => this.#break(new LangevinError('unavailable', error.message, { cause: error })));
    socket.on('close', () => this.#break(new LangevinError('unavailable', 'the connection was closed')));
    if (owner.segment) this.announce(owner.segment);
  }

  /** The peer lives: something came from it. */
  alive(): void {
    this.#silence.heard();
  }

  failed(error: LangevinError): void {
    this.refuse(error);
  }

  /** Lets the peer read from this segment. */
  announce(segment: Segment): void {
    this.byReference = false;
    const ticket = segment.ticket();
    this.#ours = { segment, ticket };
    this.#send({ type: FrameType.segment }, Buffer.from(JSON.stringify({ ...segment.name, ...ticket })));
  }

  /** Asks; returns the number by which `release` knows it. */
  pull(pull: LinkPull): number {
    const id = this.#nextId++;
    this.#pulls.set(id, pull);
    this.#send({ type: FrameType.pull, id, offset: pull.next, length: pull.end - pull.next }, Buffer.from(pull.name));
    return id;
  }

  /** All of it has been read, or no more is wanted. */
  release(id: number): void {
    this.#pulls.delete(id);
    this.reader.forget(id);
    this.#send({ type: FrameType.done, id });
  }

  send({ id, part, offset, end, sent, keep }: PieceToSend): void {
    const placed = this.byReference ? part.place(offset, end) : null;
    if (placed) {
      if (placed.read) keep(placed.read);
      const at = Buffer.alloc(8);
      at.writeDoubleLE(placed.at);
      this.#send({ type: FrameType.reference, id, flags: placed.flags, offset, length: end - offset }, Buffer.concat([at, placed.meta]));
      // Others get their turn between pieces.
      setImmediate(sent);
      return;
    }
    const { bytes, meta, flags, sum, sent: unused } = part.piece(offset, end);
    const fields = { type: FrameType.data, id, flags, offset, length: end - offset, bodyBytes: bytes.byteLength, bodySum: sum };
    this.#send(fields, meta);
    this.#socket.write(bytes, () => {
      unused?.();
      sent();
    });
  }

  fail(id: number, error: LangevinError): void {
    this.#send({ type: FrameType.failed, id }, errorMeta(error));
  }

  /** Tells the peer what is wrong with it, and closes. */
  refuse(error: LangevinError): void {
    this.#send({ type: FrameType.refuse }, errorMeta(error));
    this.#break(error);
  }

  close(): void {
    this.#break(new LangevinError('cancelled', 'the exchange was closed'));
  }

  target(frame: Frame, meta: Buffer): Uint8Array | null {
    const pull = this.#pulls.get(frame.id);
    if (!pull) return null;
    const target = pull.sink.target(pieceOf(frame, meta, pull));
    if (target.byteLength !== frame.bodyBytes) throw new LangevinError('invalid_argument', `a piece has ${frame.bodyBytes} bytes instead of ${target.byteLength}`);
    return target;
  }

  frame(frame: Frame, meta: Buffer): void {
    switch (frame.type) {
      case FrameType.ping:
        return this.#send({ type: FrameType.pong });
      case FrameType.pong:
        return;
      case FrameType.pull:
        return this.#serve(frame, meta);
      case FrameType.done:
        this.#servings.get(frame.id)?.stop();
        return void this.#servings.delete(frame.id);
      case FrameType.data:
        return this.#landed(frame, meta);
      case FrameType.reference:
        return this.#referred(frame, meta);
      case FrameType.failed:
        return this.#failed(frame, meta);
      case FrameType.segment:
        return this.#openSegment(meta);
      case FrameType.segmentSeen:
        this.byReference = true;
        return;
      case FrameType.refuse:
        throw parseErrorMeta(meta);
      default:
        throw new LangevinError('invalid_argument', 'a connection says hello once');
    }
  }

  #serve(frame: Frame, meta: Buffer): void {
    const { id, offset, length } = frame;
    if (this.#servings.has(id)) throw new LangevinError('invalid_argument', `request ${id} came twice`);
    if (this.#servings.size >= maxServings) throw new LangevinError('invalid_argument', `more than ${maxServings} requests are open`);
    const serving = new Serving(this.#owner.shelf, this, { id, name: meta.toString(), offset, end: offset + length });
    this.#servings.set(id, serving);
  }

  #landed(frame: Frame, meta: Buffer): void {
    const pull = this.#pulls.get(frame.id);
    if (!pull) return;
    const piece = pieceOf(frame, meta, pull);
    if (frame.bodyBytes !== piece.length) throw new LangevinError('invalid_argument', `a piece of ${piece.length} bytes came with ${frame.bodyBytes}`);
    if (pull.sink.sum(pull.sink.target(piece)) !== frame.bodySum) return this.#again(frame.id, pull);
    pull.next += piece.length;
    pull.corrupt = 0;
    pull.sink.landed(piece);
  }

  /** A piece came corrupt: once it is asked for again, twice is too much. */
  #again(id: number, pull: LinkPull): void {
    pull.corrupt++;
    if (pull.corrupt > 1) throw new LangevinError('object_corrupt', `${pull.name} has come with a wrong checksum twice, at byte ${pull.next}`);
    this.release(id);
    this.pull(pull);
  }

  #referred(frame: Frame, meta: Buffer): void {
    const pull = this.#pulls.get(frame.id);
    if (!pull) return;
    if (!this.#theirs || meta.byteLength < 8) throw new LangevinError('invalid_argument', 'a reference came before its segment');
    const piece = pieceOf(frame, meta.subarray(8), pull);
    pull.corrupt = 0;
    pull.next += piece.length;
    try {
      pull.sink.referred(piece, this.#theirs, meta.readDoubleLE(0));
    } catch (thrown) {
      // It is asked for again, over another link.
      pull.next = piece.offset;
      throw thrown;
    }
  }

  #failed(frame: Frame, meta: Buffer): void {
    const pull = this.#pulls.get(frame.id);
    this.#pulls.delete(frame.id);
    // Pieces that came before may have been read in place.
    this.#send({ type: FrameType.done, id: frame.id });
    pull?.sink.failed(parseErrorMeta(meta));
  }

  #openSegment(meta: Buffer): void {
    const { file, nonce, slot, value } = parseMeta(meta);
    this.#theirs?.reader.release();
    this.#theirs = null;
    const reader = this.#owner.openSegment({ file: String(file), nonce: String(nonce) });
    if (!reader) return;
    this.#theirs = { reader, ticket: { slot: Number(slot), value: Number(value) } };
    this.#send({ type: FrameType.segmentSeen });
  }

  #send(fields: FrameFields, meta?: Uint8Array): void {
    if (this.#isOver) return;
    this.#gather();
    this.#socket.write(encodeFrame(fields, this.#sequence++, meta));
  }

  /** What is said in one go leaves with one call of the system. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.#socket.uncork();
    });
  }

  #break(error: LangevinError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence.stop();
    this.#ours?.segment.revoke(this.#ours.ticket);
    for (const serving of this.#servings.values()) serving.stop();
    this.#servings.clear();
    this.#theirs?.reader.release();
    this.#theirs = null;
    // What was written may still leave, a refusal for one; then the connection goes.
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), pingMs).unref();
    this.#owner.broken(this, error);
  }
}

function pieceOf(frame: Frame, meta: Buffer, { next, end }: LinkPull): ArrivedPiece {
  const { offset, length, flags } = frame;
  if (offset !== next || offset + length > end || length === 0) {
    throw new LangevinError('invalid_argument', `a piece of bytes ${offset} to ${offset + length} came where ${next} to ${end} were due`);
  }
  return { offset, length, flags, meta };
}
