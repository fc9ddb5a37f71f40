import { decide } from '../decide.js';
import type { Effect, TrainerEffect } from '../effect.js';
import type { ClusterEvent } from '../event.js';
import { FailureDetector } from '../failure-detector.js';
import type { HeldState, JobRequest, StateFile } from '../job.js';
import { mustSync } from '../must-sync.js';
import { createClusterState, type ClusterState } from '../state.js';
import { findJob } from '../records.js';
import { firstState } from './arithmetic.js';
import type { Connection, Message } from './connection.js';
import { DurableLog } from './durable-log.js';
import { messageBytes } from './message-size.js';
import { PromiseWatch } from './promise-watch.js';
import { Round } from './round.js';
import { violate, type Peer, type World } from './world.js';

const tickMs = 250;

/** The coordinator's process around `decide`: connections, the failure detector, the log, its part of the exchange. */
export class SimulatedCoordinator implements Peer {
  readonly label = 'coordinator';
  readonly waiters = new Set<Peer>();
  state: ClusterState = createClusterState({ version: '1' });
  isAlive = false;
  isFrozen = false;
  /** Counts its starts: what an earlier one began ends with that. */
  life = 0;
  decisions = 0;
  cpuMs = 0;
  readonly #world: World;
  readonly #request: JobRequest;
  readonly #log: DurableLog;
  readonly #sentPlans = new Map<string, number>();
  #watch = new PromiseWatch();
  #detector = new FailureDetector();
  #connections = new Map<string, Connection>();
  #ids = new Map<Connection, string>();
  #open = new Set<Connection>();
  readonly #lives = new WeakMap<Connection, number>();
  #nextId = 1;
  #round: Round | null = null;
  #isToLook = false;
  #missed: (() => void)[] = [];
  #doom: { readonly cut: number; readonly backAfterMs: number } | null = null;

  constructor(world: World, request: JobRequest) {
    this.#world = world;
    this.#request = request;
    this.#log = new DurableLog(world);
  }

  get isUp(): boolean {
    return this.isAlive && !this.isFrozen;
  }

  start(): void {
    const entry = this.#log.read();
    this.life++;
    this.isAlive = true;
    this.state = createClusterState({ version: '1' });
    this.#watch = new PromiseWatch();
    this.#detector = new FailureDetector();
    this.#connections = new Map();
    this.#ids = new Map();
    this.#open = new Set();
    this.#nextId = 1;
    if (entry) {
      for (const { chain } of entry.jobs) this.#world.committed.add(chain);
      this.play({ type: 'recovered', jobs: entry.jobs, generation: entry.generation });
      for (const { request, storing, copying } of entry.jobs) this.#world.store.resume(request.id, storing.filter((step) => step !== copying?.step));
    } else if (this.life === 1) this.play({ type: 'jobSubmitted', job: this.#request });
    this.#tick(this.life);
  }

  /** Dies amid its next decision. */
  doom(cut: number, backAfterMs: number): void {
    this.#doom = { cut, backAfterMs };
  }

  freeze(forMs: number): void {
    const { life } = this;
    if (!this.isUp) return;
    this.isFrozen = true;
    this.#world.clock.after(forMs, () => {
      if (life !== this.life || !this.isFrozen) return;
      this.isFrozen = false;
      for (const run of this.#missed.splice(0)) this.whileAwake(life, run);
    });
  }

  /** Runs something of this life of the coordinator; later, should it be frozen. */
  whileAwake(life: number, run: () => void): void {
    if (life !== this.life || !this.isAlive) return;
    if (this.isFrozen) this.#missed.push(run);
    else run();
  }

  opened(connection: Connection): void {
    this.#open.add(connection);
    this.#lives.set(connection, this.life);
  }

  hear(connection: Connection, message: Message): void {
    if (this.#lives.get(connection) !== this.life) return;
    this.whileAwake(this.life, () => this.#listen(connection, message));
  }

  ended(connection: Connection): void {
    if (!this.#open.has(connection)) return;
    this.whileAwake(this.life, () => {
      this.#open.delete(connection);
      const id = this.#ids.get(connection);
      if (id !== undefined && this.#connections.has(id)) this.#lose(id, 'connection closed');
    });
  }

  /** Every connection ends at about the same time. */
  resetAll(): void {
    for (const connection of this.#open) connection.end();
  }

  /** The state that these files are of, when the trainer has them: `gone` when it has not, `stuck` when it does not answer. */
  filesOf(trainerId: string, step: number, files: readonly StateFile[]): number | 'gone' | 'stuck' {
    const trainer = this.#connections.get(trainerId)?.trainer;
    if (!trainer?.isAlive) return 'gone';
    if (trainer.isFrozen) return 'stuck';
    const kept = trainer.session?.files;
    return kept?.step === step && files[0]?.digest === `w${kept.state}` ? kept.state : 'gone';
  }

  play(event: ClusterEvent): void {
    if (!this.isAlive || this.#world.broken !== null) return;
    const { options, clock } = this.#world;
    const before = this.state;
    const startMs = options.cpuMs?.() ?? 0;
    const decision = decide(before, event, clock.nowMs);
    if (options.cpuMs) this.cpuMs += options.cpuMs() - startMs;
    this.decisions++;
    const isDoomed = this.#doom !== null && event.type !== 'tick' && event.type !== 'recovered';
    if (options.onDecision && event.type !== 'tick') options.onDecision(`${clock.nowMs.toFixed(1).padStart(9)} ${decision.reason}`);
    if (isDoomed && this.#doom?.cut === 0) return this.#die();
    this.state = decision.next;
    if (options.cpuMs === undefined) this.#check(before, event, decision);
    if (before.jobs !== this.state.jobs) this.#log.append({ jobs: this.state.jobs, generation: this.state.generation }, mustSync(before, this.state));
    const effects = isDoomed && this.#doom ? decision.effects.slice(0, this.#doom.cut - 1) : decision.effects;
    for (const effect of effects) this.#perform(effect);
    if (isDoomed) this.#die();
  }

  look(): void {
    this.whileAwake(this.life, () => {
      const awaited = this.#round?.reduce('coordinator', (id) => this.#peer(id));
      if (awaited?.peer) awaited.peer.waiters.add(this);
      else if (awaited) this.#lookAgain();
      else this.#publish();
    });
  }

  #lookAgain(): void {
    if (this.#isToLook) return;
    this.#isToLook = true;
    this.#world.clock.after(100, () => {
      this.#isToLook = false;
      this.look();
    });
  }

  partial(): undefined {
    return undefined;
  }

  chunk(step: number, chain: string, firstBlock: number, blocks: number): number | undefined {
    const round = this.#round;
    return this.isUp && round?.step === step && round.chain === chain ? round.reducedChunk(firstBlock, blocks) : undefined;
  }

  #check(...[before, event, decision]: Parameters<PromiseWatch['check']>): void {
    try {
      this.#watch.check(before, event, decision);
    } catch (thrown) {
      violate(this.#world, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  #die(): void {
    const backAfterMs = this.#doom?.backAfterMs ?? 0;
    const { clock, options } = this.#world;
    options.onDecision?.(`${clock.nowMs.toFixed(1).padStart(9)} -- the coordinator is killed (${this.#doom?.cut === 0 ? 'before the record' : `after ${(this.#doom?.cut ?? 1) - 1} effects`})`);
    this.#doom = null;
    this.isAlive = false;
    this.isFrozen = false;
    this.#missed = [];
    this.#log.crash();
    const open = [...this.#open];
    this.#open.clear();
    this.#round = null;
    for (const connection of open) connection.end({ coordinator: false });
    clock.after(backAfterMs, () => this.start());
  }

  #tick(life: number): void {
    this.#world.clock.after(tickMs, () => {
      this.whileAwake(life, () => {
        for (const { trainerId, silentMs } of this.#detector.check(this.#world.clock.nowMs)) this.#lose(trainerId, `silent for ${silentMs.toFixed(0)} ms`);
        this.play({ type: 'tick' });
        this.#tick(life);
      });
    });
  }

  #lose(id: string, why: string): void {
    const connection = this.#connections.get(id);
    this.#forget(id);
    connection?.end({ coordinator: false });
    this.play({ type: 'trainerDetached', trainerId: id, why });
    this.look();
  }

  #forget(id: string): void {
    this.#connections.delete(id);
    this.#detector.forget(id);
  }

  #listen(connection: Connection, message: Message): void {
    const id = this.#ids.get(connection);
    if (message.kind === 'hello') return this.#attach(connection, message.holds);
    if (id === undefined) return;
    if (this.#connections.get(id) === connection) this.#detector.heard(id, this.#world.clock.nowMs);
    if (message.kind === 'heartbeat') return;
    const { event } = message;
    // A connection speaks for its own trainer alone.
    if ('trainerId' in event && event.trainerId !== id) return;
    this.play(event.type === 'peerTrouble' ? { ...event, peerSilentMs: this.#detector.silentMs(event.peerId, this.#world.clock.nowMs) } : event);
  }

  #attach(connection: Connection, holds: HeldState | null): void {
    if (!connection.isOpen) return;
    const { trainer } = connection;
    const id = `t${this.#nextId++}`;
    this.#connections.set(id, connection);
    this.#ids.set(connection, id);
    this.#world.ids.set(`${this.life} ${id}`, trainer);
    this.#detector.heard(id, this.#world.clock.nowMs);
    connection.toTrainer({ welcome: id, term: this.life });
    const { name, incarnation } = trainer;
    this.play({ type: 'trainerAttached', trainerId: id, name, version: '1', incarnation, pullAddress: `${name}:1`, numerics: {}, holds });
  }

  #perform(effect: Effect): void {
    const { store, committed } = this.#world;
    switch (effect.type) {
      case 'jobChanged':
        return;
      case 'stepBegun':
        if (this.#round?.step === effect.step && this.#round.chain === this.#chainOf(effect.jobId)) this.#round.goOn(effect.plan);
        else this.#round = new Round(effect.step, this.#chainOf(effect.jobId), effect.plan);
        return this.look();
      case 'stepCommitted':
        committed.add(effect.digest);
        this.#round = null;
        return;
      case 'storeCheckpoint':
        return store.copy(effect.jobId, effect.step, effect.fromTrainerId, effect.files);
      case 'reopenJob':
        return store.reopen(this.#request);
      default:
        return this.#tell(effect);
    }
  }

  #tell(effect: TrainerEffect): void {
    const { trainerId } = effect;
    const connection = this.#connections.get(trainerId);
    if (!connection) return;
    if (effect.type === 'dropTrainer' || effect.type === 'releaseTrainer' || (effect.type === 'refuseTrainer' && effect.jobId === null)) this.#forget(trainerId);
    const { counts, options, store } = this.#world;
    if (options.cpuMs) counts.largestBytes = Math.max(counts.largestBytes, messageBytes(effect, this.#sentPlans));
    const startStep = findJob(this.state, this.#request.id)?.request.startStep ?? 0;
    const start = effect.type === 'startJob' ? { step: startStep, state: store.stored.get(startStep) ?? firstState } : null;
    connection.toTrainer({ effect, chain: 'jobId' in effect && effect.jobId !== null ? this.#chainOf(effect.jobId) : '', start });
  }

  #chainOf(jobId: string): string {
    return findJob(this.state, jobId)?.chain ?? '';
  }

  #peer(id: string): Peer | undefined {
    const connection = this.#connections.get(id);
    return connection?.isOpen && !connection.isSilent && connection.trainer.isUp ? connection.trainer : undefined;
  }

  #publish(): void {
    const waiters = [...this.waiters];
    this.waiters.clear();
    for (const waiter of waiters) this.#world.clock.after(this.#world.chance.between(0.1, 2), () => waiter.look());
  }
}
