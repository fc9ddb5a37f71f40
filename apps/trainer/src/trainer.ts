import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { COORDINATOR } from '@langevin/cluster-core';
import { connectTransfer, LastingTroubles } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { openLedger } from '@langevin/processes';
import { connect, receive } from '@langevin/rpc';
import type { CoordinatorMessage__Output, Hello, RpcClient, TrainerMessage, Welcome__Output } from '@langevin/rpc';
import { computeThreads } from '@langevin/tf-runtime/process';
import { Absence } from './absence.js';
import { JobSession } from './job/job-session.js';
import { StepStopwatch } from './job/step-stopwatch.js';
import { MemberList } from './member-list.js';
import { dialledAt } from './pull-address.js';
import { Silence } from './silence.js';
import type { TrainerOptions } from './trainer-options.js';
import { startParts, type TrainerParts } from './trainer-parts.js';

const connectTimeoutMs = 10_000;
/** Where there is another to try. */
const oneOfManyMs = 2500;
/** Whoever is told to stop waits no longer than this for the work to move. */
const goodbyeMs = 20_000;
/** A coordinator misses a trainer that has died within three seconds. */
const namesakeMs = 4000;
const againMs = 500;
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
  readonly #parts: TrainerParts;
  readonly #troubles: LastingTroubles;
  readonly #members = new MemberList();
  /** Whether the coordinator has named them on this connection: trouble with those of another says nothing. */
  #areNamed = false;
  #send: (message: TrainerMessage) => void = () => undefined;
  #silence: Silence | null = null;
  #transfer: RpcClient<'Transfer'> | null = null;
  #session: JobSession | null = null;
  #stopwatch: StepStopwatch;
  #id = '';
  #cluster = '';
  #term = 0;
  #released = false;
  /** Which of the coordinators is dialled. */
  #dialled = 0;
  readonly #startedMs: number;

  private constructor(options: TrainerOptions, parts: TrainerParts, troubles: LastingTroubles) {
    this.#options = options;
    this.#parts = parts;
    this.#troubles = troubles;
    this.#stopwatch = new StepStopwatch(options.clock);
    this.#startedMs = options.clock();
  }

  static async start(options: TrainerOptions): Promise<Trainer> {
    const started: { trainer?: Trainer } = {};
    const troubles = new LastingTroubles((memberId, problem) => started.trainer?.trouble(memberId, problem) ?? false);
    started.trainer = new Trainer(options, await startParts(options, troubles), troubles);
    return started.trainer;
  }

  /** Attaches, and attaches again whenever the connection breaks. */
  async work(signal: AbortSignal): Promise<void> {
    const absence = new Absence(this.#options.clock, this.#options.log);
    for (;;) {
      try {
        await this.#attach(signal, () => absence.end());
        if (signal.aborted || this.#released) return;
        throw new LangevinError('unavailable', `the coordinator at ${this.#coordinator} closed the connection`);
      } catch (thrown) {
        if (signal.aborted || this.#released) return;
        const error = this.#passing(thrown);
        const pauseMs = error.code === 'trainer_conflict' ? againMs : absence.goOn(() => this.#describeAbsence(error));
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** An error that may pass, so that it is tried again; any other is thrown. */
  #passing(thrown: unknown): LangevinError {
    const { failed } = this.#parts.compute;
    if (failed.aborted) throw failed.reason;
    const error = LangevinError.from(thrown);
    const hasNext = ++this.#dialled < this.#coordinators.length;
    const isKnown = this.#id !== '';
    // Who was taken in once has the right certificate and token: a connection that is closed early looks as if it had not.
    const isPassing = passing.includes(error.code) || (isKnown && error.code === 'unauthenticated');
    // One that has died may not have been missed yet by the coordinator when another takes its place.
    const isNamesake = error.code === 'trainer_conflict' && this.#options.clock() - this.#startedMs < namesakeMs;
    if (isNamesake || (isPassing && (isKnown || hasNext))) return error;
    throw error;
  }

  #describeAbsence({ message }: LangevinError): string {
    const kept = this.#session?.holds();
    return `${message}; ${kept ? `the state of job ${kept.job} after step ${kept.step} is kept, and ` : ''}this trainer tries again until Ctrl-C`;
  }

  /** A member of the exchange cannot be reached; false when that is no news: of who has left, or of a coordinator that does not run at all now and would hear of it when it does again. */
  trouble(peer: string, problem: string): boolean {
    const isMember = this.#areNamed && this.#members.members.some(({ id }) => id === peer);
    if (!this.#session || !isMember || (peer === COORDINATOR && this.#silence?.isDoubtful)) return false;
    this.#send({ trouble: { job: this.#session.job, peer, problem } });
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]();
    await this.#parts[Symbol.asyncDispose]();
  }

  get #coordinators(): readonly string[] {
    return this.#options.coordinator.split(',');
  }

  /** The one that is dialled now. */
  get #coordinator(): string {
    return this.#coordinators[this.#dialled % this.#coordinators.length]!; // A text has at least one part.
  }

  /** Resolves when the coordinator is reached, or nobody wants that any more. */
  async #reach(cluster: RpcClient<'Cluster'>, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const tried = new AbortController();
    try {
      await Promise.race([cluster.ready(this.#coordinators.length > 1 ? oneOfManyMs : connectTimeoutMs), once(signal, 'abort', { signal: tried.signal })]);
    } finally {
      tried.abort();
    }
  }

  /** One connection to the coordinator, from its Hello to its end. */
  async #attach(signal: AbortSignal, onAttached: () => void): Promise<void> {
    const { token, tls } = this.#options;
    const coordinator = this.#coordinator;
    using cluster = connect(coordinator, token, 'Cluster', { tls });
    using transfer = connectTransfer(coordinator, token, { peers: 1, tls });
    await this.#reach(cluster, signal);
    if (signal.aborted) return;
    this.#transfer = transfer;
    const leaving = new AbortController();
    const stream = cluster.attach({ signal: AbortSignal.any([leaving.signal, this.#parts.compute.failed]) });
    this.#send = (message) => void stream.write(message);
    this.#send({ hello: this.#hello() });
    let wentSilent: LangevinError | null = null;
    using silence = new Silence(this.#options.clock, (silentMs) => {
      wentSilent = new LangevinError('unavailable', `the coordinator at ${coordinator} has been silent for ${(silentMs / 1000).toFixed(1)} s`);
      leaving.abort();
    });
    this.#silence = silence;
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
      this.#areNamed = false;
      leaving.abort();
      stream.cancel();
    }
  }

  #hello(): Hello {
    const { version, name, listen } = this.#options;
    const { incarnation, pulledAt, numerics } = this.#parts;
    const holds = this.#session?.report() ?? null;
    const { shm, tcp, grpc } = dialledAt(pulledAt, this.#parts.exchange.endpoints, listen?.exchangeAdvertise);
    return {
      ...{ version, name, incarnation, pullAddress: pulledAt, numerics },
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
    this.#parts.exchange.identify({ cluster, term: this.#term, id: trainerId });
    this.#session?.reattached();
    // What went wrong meanwhile concerned those whom the coordinator had named before.
    this.#troubles.clear();
    log(`attached to ${coordinator} as ${trainerId}`);
    onAttached?.();
  }

  async #hear(message: CoordinatorMessage__Output): Promise<void> {
    if (message.members) {
      this.#members.note(message.members, this.#coordinator);
      this.#areNamed = message.members.complete;
    } else if (message.released) this.#released = true;
    else if (message.startJob) {
      await this.#session?.[Symbol.asyncDispose]();
      this.#stopwatch = new StepStopwatch(this.#options.clock);
      const { cacheFolder, log, ledger, name } = this.#options;
      const { compute, exchange, table, incarnation } = this.#parts;
      this.#session = new JobSession(message.startJob, {
        ...{ compute, exchange, table, stopwatch: this.#stopwatch, cacheFolder, log },
        ledger: openLedger(ledger, `${name}-${incarnation}`),
        transfer: () => this.#transfer!, // There is no session before a connection.
        send: (body) => this.#send(body),
        trainerId: () => this.#id,
        members: () => this.#members.members,
      });
    } else this.#session?.receive(message);
  }

  #tellAlive(): void {
    const { last } = this.#stopwatch;
    this.#send({
      heartbeat: { progress: this.#parts.compute.progress, memoryBytes: process.memoryUsage.rss(), threads: computeThreads(), step: last, leavesLeft: this.#session?.leavesLeft ?? 0 },
    });
  }

  /** Whoever stops a trainer waits until its work has moved, but not for ever. */
  #leave(connection: AbortController): void {
    this.#send({ leaving: { reason: 'it was told to stop' } });
    setTimeout(() => connection.abort(), goodbyeMs).unref();
  }
}
