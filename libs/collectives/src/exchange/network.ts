import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { startServer } from '@langevin/rpc';
import type { TlsIdentity } from '@langevin/rpc';
import { connectTransfer } from '../connect-transfer.js';
import { dialableHost } from './dialable-host.js';
import { Dialler } from './dialler.js';
import type { ExchangeEndpoints, ExchangeMember, ExchangeTransport } from './exchange-member.js';
import type { ExchangeEvents, ExchangeOptions, ExchangeIdentity } from './exchange-options.js';
import type { Greeted, Identity } from './greeting.js';
import { Link } from './link.js';
import { GrpcLink } from './grpc-link.js';
import { partService } from './grpc-service.js';
import { Listener } from './listener.js';
import { Peer } from './peer.js';
import type { PullLink } from './pull-link.js';
import type { Pull, PullRequest } from './pull-sink.js';
import type { VectorArena } from '../vector-arena.js';
import { CopiedSegment, MappedSegment } from './segment.js';
import type { Segment } from './segment.js';
import { SegmentReaders } from './segment-readers.js';
import { hasSharedMemory, ownMemoryName, removeDeadMemory, sharedMemoryFolder } from './shared-memory-files.js';
import type { Shelf } from './shelf.js';
import { longestSilenceMs } from './silence.js';

const allTransports: readonly ExchangeTransport[] = ['shm', 'tcp', 'grpc'];
/** What a peer may send ahead over gRPC: what waits in memory of Node sets its collector going. 20 ms away it is 200 MB/s. */
const maxWindowBytes = 4 * 1024 * 1024;
/** Peers that nobody has named as members yet. */
const maxStrangePeers = 1024;

/** The links of this process to all others. */
export class Network implements AsyncDisposable {
  identity: Identity;
  endpoints: ExchangeEndpoints = { tcp: null, shm: null, grpc: null };
  readonly #shelf: Shelf;
  readonly #events: ExchangeEvents;
  readonly #transports: readonly ExchangeTransport[];
  readonly #peers = new Map<string, Peer>();
  readonly #links = new Map<PullLink, Peer>();
  readonly #listeners: AsyncDisposable[] = [];
  readonly #dialler: Dialler;
  readonly #readers = new SegmentReaders();
  #segment: Segment | null = null;

  private constructor(options: ExchangeOptions, shelf: Shelf, events: ExchangeEvents) {
    const { cluster, term, self, token, tls } = options;
    this.identity = { cluster, term, self, token };
    this.#shelf = shelf;
    this.#events = events;
    this.#transports = (options.transports ?? allTransports).filter((transport) => transport !== 'shm' || hasSharedMemory());
    this.#dialler = new Dialler({
      identity: () => this.identity,
      transports: this.#transports,
      tls,
      greeted: (greeted) => this.#adopt(greeted),
      dialGrpc: (member, address, failed) => this.#dialGrpc(member, address, tls, failed),
    });
  }

  static async start(options: ExchangeOptions, shelf: Shelf, events: ExchangeEvents): Promise<Network> {
    const network = new Network(options, shelf, events);
    try {
      await network.#listen(options);
    } catch (thrown) {
      await network[Symbol.asyncDispose]();
      throw thrown;
    }
    return network;
  }

  setMembers(members: readonly ExchangeMember[]): void {
    const present = new Map(members.filter(({ id }) => id !== this.identity.self.id).map((member) => [member.id, member]));
    for (const [id, peer] of this.#peers) {
      if (present.has(id)) continue;
      peer.set(null);
      this.#peers.delete(id);
    }
    for (const [id, member] of present) this.#peerOf(id).set(member);
  }

  /** In which cluster, and under which term and id, this process is known from now on. */
  identify({ cluster, term, id }: ExchangeIdentity): void {
    this.identity = { ...this.identity, cluster, term, self: { ...this.identity.self, id } };
  }

  pull(memberId: string, request: PullRequest): Pull {
    return this.#peerOf(memberId).pull(request);
  }

  /** What processes of this host read of this one's arena; null where nothing is shared. */
  openSegment(arena: VectorArena): Segment | null {
    if (!this.#transports.includes('shm')) return null;
    const { file } = arena.handle;
    this.#segment = file ? new MappedSegment(file, arena) : new CopiedSegment(arena);
    for (const link of this.#links.keys()) if (link instanceof Link) link.announce(this.#segment);
    return this.#segment;
  }

  closeSegment(): void {
    this.#segment?.[Symbol.dispose]();
    this.#segment = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers.values()) peer.leave();
    this.#peers.clear();
    for (const link of this.#links.keys()) link.close();
    await Promise.all(this.#listeners.splice(0).map((listener) => listener[Symbol.asyncDispose]()));
    this.closeSegment();
  }

  async #listen({ listen, tls }: ExchangeOptions): Promise<void> {
    const [identity, greeted] = [() => this.identity, (peer: Greeted) => this.#adopt(peer)];
    if (this.#transports.includes('shm')) {
      removeDeadMemory();
      const path = join(sharedMemoryFolder, ownMemoryName('sock'));
      this.#listeners.push(await Listener.start({ path }, undefined, identity, greeted));
      this.endpoints = { ...this.endpoints, shm: path };
    }
    if (listen && this.#transports.includes('tcp')) {
      const listener = await Listener.start(listen, tls, identity, greeted);
      this.#listeners.push(listener);
      this.endpoints = { ...this.endpoints, tcp: `${dialableHost(listen.host)}:${listener.port}` };
    }
    if (listen && this.#transports.includes('grpc')) {
      // The port given is the sockets' one: gRPC takes any.
      const port = this.endpoints.tcp === null ? listen.port : 0;
      // Who has vanished still holds what was sent to it, and nobody may change that.
      const limits = { callerSilenceMs: longestSilenceMs, closeLimitMs: 0 };
      const server = await startServer({ host: listen.host, port, insecure: listen.insecure, token: this.identity.token, tls, services: { Transfer: partService(this.#shelf, identity) }, ...limits });
      this.#listeners.push(server);
      this.endpoints = { ...this.endpoints, grpc: server.localAddress };
    }
  }

  #adopt({ socket, incoming, dialled, reader, peer: { id, incarnation } }: Greeted): void {
    const peer = this.#peerOf(id);
    if (peer.incarnation !== null && peer.incarnation !== incarnation) {
      throw new LangevinError('trainer_lost', `this is not the life of ${id} that takes part: it was started again`);
    }
    const link = new Link(
      socket,
      reader,
      {
        shelf: this.#shelf,
        segment: this.#segment,
        openSegment: (name) => (this.#transports.includes('shm') ? this.#readers.open(name) : null),
        broken: (broken, error) => this.#broken(broken, error),
      },
      1,
    );
    incoming.forward(link);
    this.#links.set(link, peer);
    peer.adopt(link, dialled, incarnation);
  }

  #dialGrpc(member: ExchangeMember, address: string, tls: TlsIdentity | undefined, failed: (error: LangevinError) => void): () => void {
    const client = connectTransfer(address, this.identity.token, { peers: Math.max(1, this.#peers.size), maxWindowBytes, peerName: member.name, tls });
    const link = new GrpcLink(client, () => this.identity, {
      linked: () => {
        const peer = this.#peerOf(member.id);
        this.#links.set(link, peer);
        peer.adopt(link, true, member.incarnation);
      },
      broken: (broken, error) => (this.#links.has(broken) ? this.#broken(broken, error) : failed(error)),
    });
    return () => (this.#links.has(link) ? undefined : link.close());
  }

  #broken(link: PullLink, error: LangevinError): void {
    const peer = this.#links.get(link);
    this.#links.delete(link);
    peer?.broken(link, error);
  }

  #peerOf(id: string): Peer {
    const known = this.#peers.get(id);
    if (known) return known;
    if (this.#peers.size >= maxStrangePeers) throw new LangevinError('invalid_argument', `more than ${maxStrangePeers} peers`);
    const peer = new Peer(id, this.#dialler, { trouble: (problem, code) => this.#events.onTrouble(id, problem, code), recovered: () => this.#events.onRecovered(id) });
    this.#peers.set(id, peer);
    return peer;
  }
}
