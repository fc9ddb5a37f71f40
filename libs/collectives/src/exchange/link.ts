import type { Duplex } from 'node:stream';
import { LangevinError } from '@langevin/contracts';
import { errorMeta, parseErrorMeta, parseMeta } from './error-meta.js';
import { encodeFrame, FrameType, maxBodyBytes } from './frame.js';
import type { Frame, FrameFields } from './frame.js';
import type { FrameListener, FrameReader } from './frame-reader.js';
import type { IncomingTarget } from './incoming.js';
import type { Part } from './part.js';
import type { LinkPull, PullLink } from './pull-link.js';
import type { ArrivedPiece } from './pull-sink.js';
import type { SegmentName, SegmentReader } from './segment.js';
import { Serving } from './serving.js';
import type { PieceSender } from './serving.js';
import type { Shelf } from './shelf.js';
import { pingMs, Silence } from './silence.js';

/** Requests that one peer may have open: more is no peer of ours. */
const maxServings = 4096;

/** Who owns a link. */
export interface LinkOwner {
  readonly shelf: Shelf;
  /** The segments that this side has announced are told at once to a new link. */
  readonly segment: SegmentName | null;
  /** A peer's segment; null when it is not on this host, or shared memory is not to be used. It stays open for as long as it may be read. */
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
  #segment: SegmentReader | null = null;
  #isOver = false;
  byReference = false;

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
  announce(segment: SegmentName): void {
    this.byReference = false;
    this.#send({ type: FrameType.segment }, Buffer.from(JSON.stringify(segment)));
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
    this.#send({ type: FrameType.done, id });
  }

  send(id: number, part: Part, offset: number, end: number, sent: () => void): void {
    const placed = this.byReference ? part.place(offset, end) : null;
    if (placed) {
      const at = Buffer.alloc(8);
      at.writeDoubleLE(placed.at);
      this.#send({ type: FrameType.reference, id, flags: placed.flags, offset, length: end - offset }, Buffer.concat([at, placed.meta]));
      // Others get their turn between pieces.
      setImmediate(sent);
      return;
    }
    const { bytes, meta, flags, sum, sent: unused } = part.piece(offset, end);
    const fields = { type: FrameType.data, id, flags, offset, length: end - offset, bodyBytes: bytes.byteLength, bodySum: sum };
    this.#socket.cork();
    this.#send(fields, meta);
    this.#socket.write(bytes, () => {
      unused?.();
      sent();
    });
    this.#socket.uncork();
  }

  fail(id: number, error: LangevinError): void {
    this.#servings.delete(id);
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
    if (!this.#segment || meta.byteLength < 8) throw new LangevinError('invalid_argument', 'a reference came before its segment');
    const piece = pieceOf(frame, meta.subarray(8), pull);
    pull.next += piece.length;
    pull.sink.referred(piece, this.#segment, meta.readDoubleLE(0));
  }

  #failed(frame: Frame, meta: Buffer): void {
    const pull = this.#pulls.get(frame.id);
    this.#pulls.delete(frame.id);
    pull?.sink.failed(parseErrorMeta(meta));
  }

  #openSegment(meta: Buffer): void {
    const { file, nonce } = parseMeta(meta);
    this.#segment = this.#owner.openSegment({ file: String(file), nonce: String(nonce) });
    if (!this.#segment) return;
    this.#send({ type: FrameType.segmentSeen });
  }

  #send(fields: FrameFields, meta?: Uint8Array): void {
    if (this.#isOver) return;
    this.#socket.write(encodeFrame(fields, this.#sequence++, meta));
  }

  #break(error: LangevinError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence.stop();
    for (const serving of this.#servings.values()) serving.stop();
    this.#servings.clear();
    // What was written may still leave, a refusal for one; then the connection goes.
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), pingMs).unref();
    this.#owner.broken(this, error);
  }
}

function pieceOf(frame: Frame, meta: Buffer, { next, end }: LinkPull): ArrivedPiece {
  const { offset, length, flags } = frame;
  if (offset !== next || offset + length > end || length === 0 || length > maxBodyBytes) {
    throw new LangevinError('invalid_argument', `a piece of bytes ${offset} to ${offset + length} came where ${next} to ${end} were due`);
  }
  return { offset, length, flags, meta };
}
