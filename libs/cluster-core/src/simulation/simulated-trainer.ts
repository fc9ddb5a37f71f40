import type { ClusterEvent } from '../event.js';
import { Connection, type Order } from './connection.js';
import { Session } from './session.js';
import type { Peer, World } from './world.js';

const heartbeatMs = 250;
/** The longest pause between attempts to reach the coordinator; the first is a tenth of it. */
const retryMs = 1000;
/** After so long without a sign of the coordinator, a trainer gives its connection up. */
const silentMs = 4000;

/** A trainer's process: attaches, beats, works for a job, outlives the coordinator. */
export class SimulatedTrainer implements Peer {
  readonly name: string;
  readonly incarnation: string;
  readonly waiters = new Set<Peer>();
  isAlive = true;
  isFrozen = false;
  /** Its numerics class is another one. */
  readonly isOdd: boolean;
  leafMs: number;
  id = '';
  term = 0;
  session: Session | null = null;
  diverges: 'result' | 'state' | null = null;
  /** Whether it was caught, or meant to be. */
  hasDiverged = false;
  readonly world: World;
  #connection: Connection | null = null;
  #isLeaving = false;
  #waitMs = retryMs / 10;
  readonly #missed: (() => void)[] = [];

  constructor(world: World, name: string, incarnation: string, options: { readonly leafMs: number; readonly isOdd: boolean }) {
    this.world = world;
    this.name = name;
    this.incarnation = incarnation;
    this.leafMs = options.leafMs;
    this.isOdd = options.isOdd;
    this.#connect();
    this.#beat();
  }

  get label(): string {
    return this.name;
  }

  /** Whether it answers others now. */
  get isUp(): boolean {
    return this.isAlive && !this.isFrozen;
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  /** Runs something later, if the process lives then; a frozen one catches up when it thaws. */
  later(ms: number, run: () => void): void {
    this.world.clock.after(ms, () => this.#awake(run));
  }

  send(event: ClusterEvent): void {
    this.#connection?.toCoordinator({ kind: 'event', event });
  }

  hear(connection: Connection, order: Parameters<Connection['toTrainer']>[0]): void {
    this.#awake(() => {
      // Whatever a connection brings that is not the newest comes from a time that is over.
      if (connection !== this.#connection && this.world.options.defect !== 'hears an old connection') return;
      if ('welcome' in order) this.#welcome(order.welcome, order.term);
      else this.#obey(order);
    });
  }

  ended(connection: Connection): void {
    this.#awake(() => {
      if (connection !== this.#connection) return;
      this.#connection = null;
      this.later(this.#waitMs, () => this.#connect());
      this.#waitMs = Math.min(2 * this.#waitMs, retryMs);
    });
  }

  kill(isTold: boolean): void {
    this.isAlive = false;
    this.session = null;
    if (!isTold && this.#connection) this.#connection.isSilent = true;
    this.#connection?.end();
    this.publish();
  }

  thaw(): void {
    this.isFrozen = false;
    for (const run of this.#missed.splice(0)) this.#awake(run);
    this.publish();
  }

  drain(): void {
    this.#isLeaving = true;
    this.send({ type: 'trainerDraining', trainerId: this.id, why: 'it was told to stop' });
  }

  /** Notices in the end that nothing gets through. */
  giveUpLater(): void {
    const connection = this.#connection;
    this.later(silentMs, () => connection?.end({ coordinator: false }));
  }

  /** Whoever waits for something of this one looks again. */
  publish(): void {
    if (this.waiters.size === 0) return;
    const waiters = [...this.waiters];
    this.waiters.clear();
    const { clock, chance } = this.world;
    for (const waiter of waiters) clock.after(chance.between(0.1, 2), () => waiter.look());
  }

  look(): void {
    this.#awake(() => this.session?.look());
  }

  partial(step: number, chain: string, first: number, leaves: number): number | undefined {
    return this.session?.partial(step, chain, first, leaves);
  }

  chunk(step: number, chain: string, firstBlock: number, blocks: number): number | undefined {
    return this.session?.chunk(step, chain, firstBlock, blocks);
  }

  #awake(run: () => void): void {
    if (!this.isAlive) return;
    if (this.isFrozen) this.#missed.push(run);
    else run();
  }

  #connect(): void {
    if (this.#connection) return;
    const { coordinator } = this.world;
    if (!coordinator.isAlive) return this.later(this.#waitMs, () => this.#connect());
    const connection = new Connection(this.world, this);
    this.#connection = connection;
    coordinator.opened(connection);
    connection.toCoordinator({ kind: 'hello', holds: this.session?.holds() ?? null });
  }

  #welcome(id: string, term: number): void {
    this.id = id;
    this.term = term;
    this.#waitMs = retryMs / 10;
    this.session?.forgetShared();
    if (this.#isLeaving) this.drain();
  }

  #obey(order: Order): void {
    const { effect } = order;
    switch (effect.type) {
      case 'startJob':
        this.session = new Session(this, effect.jobId, effect.joins, order.start);
        return;
      case 'stopJob':
        if (this.session?.jobId === effect.jobId) this.session = null;
        return;
      case 'refuseTrainer':
        if (effect.jobId !== null) this.session = null;
        else this.#connection?.end();
        return;
      case 'dropTrainer':
        if (effect.code === 'trainer_diverged') return this.#restart();
        this.#connection?.end();
        return;
      case 'releaseTrainer':
        return this.kill(true);
      default:
        this.session?.hear(order);
    }
  }

  /** What is watched over by somebody starts anew. */
  #restart(): void {
    this.kill(true);
    this.world.clock.after(1000, () => this.world.trainers.push(new SimulatedTrainer(this.world, this.name, `${this.incarnation}+`, { leafMs: this.leafMs, isOdd: false })));
  }

  #beat(): void {
    this.#connection?.toCoordinator({ kind: 'heartbeat' });
    this.later(heartbeatMs, () => this.#beat());
  }
}
