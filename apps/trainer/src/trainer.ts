import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectTransfer, ContentTable, ExchangeHost, transferService, type ExchangeMember, type ExchangeTransport } from '@langevin/collectives';
import { LangevinError, type NumericsClass } from '@langevin/contracts';
import { openLedger } from '@langevin/processes';
import { connect, receive, startServer } from '@langevin/rpc';
import type { CoordinatorMessage__Output, Hello, Members__Output, RpcClient, TlsIdentity, TrainerMessage, Welcome__Output } from '@langevin/rpc';
import { computeThreads } from '@langevin/tf-runtime/process';
import { ComputeClient } from './compute/client.js';
import { JobSession } from './job/job-session.js';
import { StepStopwatch } from './job/step-stopwatch.js';
import { dialledAt, pullAddress } from './pull-address.js';
import { Silence } from './silence.js';

/** What a trainer needs to know. */
export interface TrainerOptions {
  /** host:port of the coordinator; several with commas between them where another may take over. */
  readonly coordinator: string;
  readonly token: string;
  /** For people; unique among live trainers. */
  readonly name: string;
  /** Folder in which data shards are kept between jobs. */
  readonly cacheFolder: string;
  /** Langevin's version; must equal the coordinator's. */
  readonly version: string;
  /** What it proves itself with, to the coordinator. @default nothing is encrypted: right on one machine alone */
  readonly tls?: TlsIdentity | undefined;
  /** Where others pull from this trainer. @default any free port of 127.0.0.1 */
  readonly listen?: ListenOptions;
  /** Folder for facts that a separate program can check. @default none are written */
  readonly ledger?: string | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
  /** Called when the coordinator has taken this trainer in. */
  readonly onAttached?: () => void;
}

/** Where a trainer serves its part of the data. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** host or host:port at which the coordinator dials it. @default the host and port that it listens on */
  readonly advertise?: string | undefined;
  /** Port of the exchange of gradients; 0 takes any free one. */
  readonly exchangePort: number;
  /** host:port at which the others dial it. @default the host at which it is pulled from, and that port */
  readonly exchangeAdvertise?: string | undefined;
  /** How gradients may travel. @default every way there is, the best first */
  readonly transports?: readonly ExchangeTransport[] | undefined;
  /** Allows a host beyond this machine without TLS. */
  readonly insecure: boolean;
}

const connectTimeoutMs = 10_000;
/** Where there is another to try. */
const oneOfManyMs = 2500;
/** Between two attempts to reach a coordinator that is away. */
const pauseMs = { first: 100, longest: 1000 };
/** How often people are told that it still is. */
const remindMs = 30_000;
/** Whoever is told to stop waits no longer than this for the work to move. */
const goodbyeMs = 20_000;
/** These say that the coordinator is away, or has lost sight of this trainer; anything else is meant for it. */
const passing = ['unavailable', 'trainer_lost', 'cancelled'];

/**
 * Works for a coordinator until `signal` is aborted. It outlives the coordinator: while that is away, the trainer keeps its
 * part of the job and goes on when it is back.
 * @throws LangevinError why it was refused; `unavailable` without a coordinator at the start
 */
export async function runTrainer(options: TrainerOptions, signal: AbortSignal): Promise<void> {
  await using trainer = await Trainer.start(options);
  await trainer.work(signal);
}

class Trainer implements AsyncDisposable {
  readonly #options: TrainerOptions;
  readonly #compute: ComputeClient;
  readonly #numerics: NumericsClass;
  readonly #table: ContentTable;
  readonly #server: Awaited<ReturnType<typeof startServer>>;
  readonly #pulledAt: string;
  readonly #incarnation: string;
  readonly #exchange: ExchangeHost;
  #send: (message: TrainerMessage) => void = () => undefined;
  #transfer: RpcClient<'Transfer'> | null = null;
  #session: JobSession | null = null;
  #stopwatch: StepStopwatch;
  #id = '';
  #cluster = '';
  #term = 0;
  #members: ExchangeMember[] = [];
  #coming: ExchangeMember[] = [];
  #released = false;
  /** Which of the coordinators is dialled. */
  #dialled = 0;

  private constructor(options: TrainerOptions, parts: { compute: ComputeClient; numerics: NumericsClass; table: ContentTable; server: Awaited<ReturnType<typeof startServer>>; pulledAt: string; exchange: ExchangeHost; incarnation: string }) {
    this.#options = options;
    this.#compute = parts.compute;
    this.#numerics = parts.numerics;
    this.#table = parts.table;
    this.#server = parts.server;
    this.#pulledAt = parts.pulledAt;
    this.#exchange = parts.exchange;
    this.#incarnation = parts.incarnation;
    this.#stopwatch = new StepStopwatch(options.clock);
  }

  static async start(options: TrainerOptions): Promise<Trainer> {
    const { tls, token, name, listen = { host: '127.0.0.1', port: 0, exchangePort: 0, insecure: false } } = options;
    const compute = new ComputeClient();
    const numerics = await compute.ask({ kind: 'facts' });
    const table = new ContentTable();
    const server = await startServer({ ...listen, tls, token, services: { Transfer: transferService(table) } });
    if (server.warning !== null) options.log(`warning: ${server.warning}`);
    const pulledAt = pullAddress(listen, server.port);
    const incarnation = randomUUID();
    const started: { trainer?: Trainer } = {};
    const exchange = await ExchangeHost.start({
      ...{ cluster: '', term: 0, token, tls, listen: { host: listen.host, port: listen.exchangePort } },
      self: { id: '', name, incarnation },
      ...(listen.transports && { transports: listen.transports }),
      onTrouble: (memberId, problem) => started.trainer?.trouble(memberId, problem),
      onRecovered: () => undefined,
    });
    started.trainer = new Trainer(options, { compute, numerics, table, server, pulledAt, exchange, incarnation });
    return started.trainer;
  }

  /** Attaches, and attaches again whenever the connection breaks. */
  async work(signal: AbortSignal): Promise<void> {
    let lostAt: number | null = null;
    let remindedAt = 0;
    for (let waitMs = pauseMs.first; ; waitMs = Math.min(2 * waitMs, pauseMs.longest)) {
      try {
        await this.#attach(signal, () => {
          if (lostAt !== null) this.#options.log(`the coordinator is back after ${((this.#options.clock() - lostAt) / 1000).toFixed(1)} s`);
          lostAt = null;
          waitMs = pauseMs.first;
        });
        if (signal.aborted || this.#released) return;
        throw new LangevinError('unavailable', `the coordinator at ${this.#coordinator} closed the connection`);
      } catch (thrown) {
        if (signal.aborted || this.#released) return;
        if (this.#compute.failed.aborted) throw this.#compute.failed.reason;
        const error = LangevinError.from(thrown);
        const hasNext = ++this.#dialled < this.#coordinators.length;
        // Who was taken in once has the right certificate and token: a connection that is closed early looks as if it had not.
        const isPassing = passing.includes(error.code) || (this.#id !== '' && error.code === 'unauthenticated');
        if ((this.#id === '' && !hasNext) || !isPassing) throw error;
        const now = this.#options.clock();
        lostAt ??= now;
        if (remindedAt === 0 || now - remindedAt > remindMs) {
          remindedAt = now;
          const kept = this.#session?.holds();
          this.#options.log(`${error.message}; ${kept ? `the state of job ${kept.job} after step ${kept.step} is kept, and ` : ''}this trainer tries again until Ctrl-C`);
        }
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** A member of the exchange cannot be reached. */
  trouble(peer: string, problem: string): void {
    if (this.#session) this.#send({ trouble: { job: this.#session.job, peer, problem } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]();
    await this.#exchange[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    await this.#compute[Symbol.asyncDispose]();
  }

  get #coordinators(): readonly string[] {
    return this.#options.coordinator.split(',');
  }

  /** The one that is dialled now. */
  get #coordinator(): string {
    return this.#coordinators[this.#dialled % this.#coordinators.length]!; // A text has at least one part.
  }

  /** One connection to the coordinator, from its Hello to its end. */
  async #attach(signal: AbortSignal, onAttached: () => void): Promise<void> {
    const { token, tls } = this.#options;
    const coordinator = this.#coordinator;
    using cluster = connect(coordinator, token, 'Cluster', { tls });
    using transfer = connectTransfer(coordinator, token, { peers: 1, tls });
    await cluster.ready(this.#coordinators.length > 1 ? oneOfManyMs : connectTimeoutMs);
    this.#transfer = transfer;
    const leaving = new AbortController();
    const stream = cluster.attach({ signal: AbortSignal.any([leaving.signal, this.#compute.failed]) });
    this.#send = (message) => void stream.write(message);
    this.#send({ hello: this.#hello() });
    let wentSilent: LangevinError | null = null;
    using silence = new Silence(this.#options.clock, (silentMs) => {
      wentSilent = new LangevinError('unavailable', `the coordinator at ${coordinator} has been silent for ${(silentMs / 1000).toFixed(1)} s`);
      leaving.abort();
    });
    const stop = (): void => this.#leave(leaving);
    let heartbeat: NodeJS.Timeout | undefined;
    try {
      for await (const message of receive(stream, cluster.peer)) {
        silence.hold();
        if (message.welcome) {
          this.#welcomed(message.welcome);
          onAttached();
          heartbeat = setInterval(() => this.#tellAlive(), message.welcome.heartbeatMs);
          if (signal.aborted) stop();
          else signal.addEventListener('abort', stop, { once: true });
        } else await this.#hear(message);
        if (this.#released) return;
        silence.heard();
      }
    } catch (thrown) {
      throw wentSilent ?? thrown;
    } finally {
      clearInterval(heartbeat);
      signal.removeEventListener('abort', stop);
      this.#send = () => undefined;
      leaving.abort();
      stream.cancel();
    }
  }

  #hello(): Hello {
    const { version, name, listen } = this.#options;
    const holds = this.#session?.holds() ?? null;
    const { shm, tcp, grpc } = dialledAt(this.#pulledAt, this.#exchange.endpoints, listen?.exchangeAdvertise);
    return {
      ...{ version, name, incarnation: this.#incarnation, pullAddress: this.#pulledAt, numerics: this.#numerics },
      exchange: { shm: shm ?? '', tcp: tcp ?? '', grpc: grpc ?? '' },
      ...(holds && { holds }),
      cluster: this.#cluster,
      term: this.#term,
    };
  }

  #welcomed({ trainerId, cluster, term }: Welcome__Output): void {
    const { log, onAttached } = this.#options;
    const coordinator = this.#coordinator;
    if (Number(term) < this.#term) throw new LangevinError('unavailable', `the coordinator at ${coordinator} has term ${term}, this trainer has seen term ${this.#term}: another has taken over`);
    this.#term = Number(term);
    this.#cluster = cluster;
    this.#id = trainerId;
    this.#exchange.identify({ cluster, term: this.#term, id: trainerId });
    log(`attached to ${coordinator} as ${trainerId}`);
    onAttached?.();
  }

  async #hear(message: CoordinatorMessage__Output): Promise<void> {
    if (message.members) this.#noteMembers(message.members);
    else if (message.released) this.#released = true;
    else if (message.startJob) {
      await this.#session?.[Symbol.asyncDispose]();
      this.#stopwatch = new StepStopwatch(this.#options.clock);
      const { cacheFolder, log, ledger, name } = this.#options;
      this.#session = new JobSession(message.startJob, {
        ...{ compute: this.#compute, exchange: this.#exchange, table: this.#table, stopwatch: this.#stopwatch, cacheFolder, log },
        ledger: openLedger(ledger, `${name}-${this.#incarnation}`),
        transfer: () => this.#transfer!, // There is no session before a connection.
        send: (body) => this.#send(body),
        trainerId: () => this.#id,
        members: () => this.#members,
      });
    } else this.#session?.receive(message);
  }

  #noteMembers({ members, complete }: Members__Output): void {
    for (const { id, name, incarnation, endpoints } of members) {
      this.#coming.push({ id, name, incarnation, shm: endpoints?.shm || null, tcp: endpoints?.tcp || null, grpc: endpoints?.grpc || null });
    }
    if (!complete) return;
    this.#members = this.#coming;
    this.#coming = [];
  }

  #tellAlive(): void {
    const { last } = this.#stopwatch;
    this.#send({
      heartbeat: { progress: this.#compute.progress, memoryBytes: process.memoryUsage.rss(), threads: computeThreads(), step: last, leavesLeft: this.#session?.leavesLeft ?? 0 },
    });
  }

  /** Whoever stops a trainer waits until its work has moved, but not for ever. */
  #leave(connection: AbortController): void {
    this.#send({ leaving: { reason: 'it was told to stop' } });
    setTimeout(() => connection.abort(), goodbyeMs).unref();
  }
}
