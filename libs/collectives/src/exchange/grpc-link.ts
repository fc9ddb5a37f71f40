import { LangevinError } from '@langevin/contracts';
import { receive } from '@langevin/rpc';
import type { PartPiece__Output, RpcClient } from '@langevin/rpc';
import { copyBytes } from './copy-bytes.js';
import type { Identity } from './greeting.js';
import { Silence } from './silence.js';
import type { LinkPull, PullLink } from './pull-link.js';

/** Who owns a link over gRPC. */
export interface GrpcLinkOwner {
  /** The peer has answered. */
  linked(link: GrpcLink): void;
  /** Called once, with why. */
  broken(link: GrpcLink, error: LangevinError): void;
}

/** Pulls over gRPC, which serves one side alone: the other makes a link of its own. */
export class GrpcLink implements PullLink {
  readonly #client: RpcClient<'Transfer'>;
  readonly #identity: () => Identity;
  readonly #owner: GrpcLinkOwner;
  readonly #pulls = new Map<number, AbortController>();
  readonly #beats = new AbortController();
  readonly #silence: Silence;
  #nextId = 1;
  #isOver = false;

  constructor(client: RpcClient<'Transfer'>, identity: () => Identity, owner: GrpcLinkOwner) {
    this.#client = client;
    this.#identity = identity;
    this.#owner = owner;
    this.#silence = new Silence((error) => this.#break(error));
    void this.#listen();
  }

  pull(pull: LinkPull): number {
    const id = this.#nextId++;
    const control = new AbortController();
    this.#pulls.set(id, control);
    void this.#pullAll(id, pull, control.signal);
    return id;
  }

  release(id: number): void {
    this.#pulls.get(id)?.abort();
    this.#pulls.delete(id);
  }

  close(): void {
    this.#break(new LangevinError('cancelled', 'the exchange was closed'));
  }

  /** The peer's signs of life; the first one makes this a link. */
  async #listen(): Promise<void> {
    try {
      let isLinked = false;
      for await (const _ of this.#receive('', 0, 0, this.#beats.signal)) {
        this.#silence.heard();
        if (!isLinked) this.#owner.linked(this);
        isLinked = true;
      }
      throw new LangevinError('unavailable', 'the peer has ended');
    } catch (thrown) {
      this.#break(LangevinError.from(thrown, 'unavailable'));
    }
  }

  async #pullAll(id: number, pull: LinkPull, signal: AbortSignal): Promise<void> {
    try {
      for await (const piece of this.#receive(pull.name, pull.next, pull.end - pull.next, signal)) {
        if (signal.aborted) return;
        this.#silence.heard();
        if (!land(piece, pull)) return this.#again(id, pull);
        if (pull.next === pull.end) break;
      }
    } catch (thrown) {
      if (signal.aborted || this.#isOver) return;
      const error = LangevinError.from(thrown);
      this.#pulls.delete(id);
      if (error.code === 'unavailable' || error.code === 'cancelled' || error.code === 'object_corrupt') this.#break(error);
      else pull.sink.failed(error);
    }
  }

  /** A piece came corrupt: once it is asked for again, twice is too much. */
  #again(id: number, pull: LinkPull): void {
    pull.corrupt++;
    if (pull.corrupt > 1) throw new LangevinError('object_corrupt', `${pull.name} has come with a wrong checksum twice, at byte ${pull.next}`);
    const control = new AbortController();
    this.#pulls.set(id, control);
    void this.#pullAll(id, pull, control.signal);
  }

  #receive(part: string, offset: number, length: number, signal: AbortSignal): AsyncGenerator<PartPiece__Output, void, undefined> {
    const { cluster, term, self } = this.#identity();
    return receive(this.#client.pullPart({ cluster, term, memberId: self.id, part, offset, length }, { signal }), this.#client.peer);
  }

  #break(error: LangevinError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence.stop();
    this.#beats.abort();
    for (const control of this.#pulls.values()) control.abort();
    this.#pulls.clear();
    this.#client.close();
    this.#owner.broken(this, error);
  }
}

/** Puts a piece into its place; false when it came corrupt. */
function land({ data, offset, meta, flags, checksum }: PartPiece__Output, pull: LinkPull): boolean {
  const piece = { offset: Number(offset), length: data.byteLength, meta, flags };
  if (piece.offset !== pull.next || piece.offset + piece.length > pull.end || piece.length === 0) {
    throw new LangevinError('invalid_argument', `a piece of bytes ${offset} to ${piece.offset + piece.length} came where ${pull.next} to ${pull.end} were due`);
  }
  const target = pull.sink.target(piece);
  copyBytes(data, target);
  if (pull.sink.sum(target) !== checksum) return false;
  pull.next += piece.length;
  pull.corrupt = 0;
  pull.sink.landed(piece);
  return true;
}
