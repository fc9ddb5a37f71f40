import { LangevinError, type ErrorCode } from '@langevin/contracts';
import { connectTransfer, pull, type ExchangeMember, type PullOptions } from '@langevin/collectives';
import type { CoordinatorMessage, Hello__Output, RpcClient, TlsIdentity } from '@langevin/rpc';

/** One attached trainer: the stream to it, and the way to its bulk data. */
interface Connection {
  readonly name: string;
  /** Where the exchange reaches it. */
  readonly member: ExchangeMember;
  readonly transfer: RpcClient<'Transfer'>;
  /** Aborted when the trainer has gone: a pull from it ends then, even if its machine never says so. */
  readonly gone: AbortController;
  readonly send: (message: CoordinatorMessage) => void;
  /** Whether anything was sent since the last beat. */
  isFresh: boolean;
  /** Ends the stream: with a status that says why, or, without an error, calmly. */
  readonly end: (error?: LangevinError) => void;
}

/** What a trainer says of itself. */
export type TrainerFace = Pick<Hello__Output, 'name' | 'incarnation' | 'pullAddress' | 'exchange'>;

/** The window budget is shared by about this many trainers: with more, each pull is slower, not larger in memory. */
const expectedPeers = 8;

/** The trainers that are attached now. What is sent to one that has gone is dropped: its loss is an event of its own. */
export class Connections {
  readonly #token: string;
  readonly #tls: TlsIdentity | undefined;
  readonly #byId = new Map<string, Connection>();
  readonly #term: number;
  #count = 0;

  /**
   * @param term of the coordinator: ids of one term are not those of another
   * @param tls what the coordinator proves itself with; trainers then must too
   */
  constructor(term: number, token: string, tls: TlsIdentity | undefined) {
    this.#term = term;
    this.#token = token;
    this.#tls = tls;
  }

  /**
   * Takes a trainer in and gives it an id that no other one has had.
   * @throws LangevinError `invalid_argument` when nobody could pull from its address
   */
  add({ name, incarnation, pullAddress, exchange }: TrainerFace, send: Connection['send'], end: Connection['end']): string {
    if (!/^\S+:\d+$/.test(pullAddress)) {
      throw new LangevinError('invalid_argument', `trainer "${name}" names ${JSON.stringify(pullAddress)} as the address to pull from: it must be host:port`);
    }
    const count = ++this.#count;
    const id = this.#term === 1 ? `t${count}` : `t${this.#term}-${count}`;
    const member = { id, name, incarnation, shm: exchange?.shm || null, tcp: exchange?.tcp || null, grpc: exchange?.grpc || null };
    const transfer = connectTransfer(pullAddress, this.#token, { peerName: `trainer ${name}`, peers: expectedPeers, tls: this.#tls });
    this.#byId.set(id, { name, member, transfer, gone: new AbortController(), isFresh: true, send, end });
    return id;
  }

  /** Where the exchange reaches a trainer; undefined when it is not attached. */
  member(id: string): ExchangeMember | undefined {
    return this.#byId.get(id)?.member;
  }

  remove(id: string): void {
    const connection = this.#byId.get(id);
    connection?.gone.abort();
    connection?.transfer.close();
    this.#byId.delete(id);
  }

  send(id: string, message: CoordinatorMessage): void {
    const connection = this.#byId.get(id);
    if (!connection) return;
    connection.isFresh = true;
    connection.send(message);
  }

  /** Lets those who have heard nothing since the last beat know that the coordinator is there. */
  beat(): void {
    for (const connection of this.#byId.values()) {
      if (!connection.isFresh) connection.send({ beat: {} });
      connection.isFresh = false;
    }
  }

  /**
   * Pulls content that a trainer holds, until the trainer is gone.
   * @throws LangevinError `trainer_lost` when it is not attached any more; as `pull`
   */
  pull(id: string, digest: string, options: Omit<PullOptions, 'signal'>): Promise<Uint8Array> {
    const connection = this.#byId.get(id);
    if (!connection) throw new LangevinError('trainer_lost', `trainer ${id} is gone: its data cannot be fetched`);
    return pull(connection.transfer, digest, { ...options, signal: connection.gone.signal });
  }

  /** Tells a trainer that it may not take part: in the cluster (its stream ends), or in one job. */
  refuse(id: string, code: ErrorCode, reason: string, jobId: string | null): void {
    if (jobId === null) this.#byId.get(id)?.end(new LangevinError(code, reason));
    else this.send(id, { stopJob: { job: jobId, reason } });
  }

  /** Ends the stream of a trainer that is lost, or evicted. */
  drop(id: string, code: ErrorCode, reason: string): void {
    this.#byId.get(id)?.end(new LangevinError(code, reason));
  }

  /** Lets a trainer go that was to leave. */
  release(id: string, reason: string): void {
    this.send(id, { released: { reason } });
  }

  closeAll(reason: string): void {
    for (const connection of this.#byId.values()) connection.end(new LangevinError('unavailable', reason));
  }
}
