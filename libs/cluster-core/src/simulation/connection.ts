import type { ClusterEvent } from '../event.js';
import type { HeldState } from '../job.js';
import type { TrainerEffect } from '../effect.js';
import type { World } from './world.js';
import type { SimulatedTrainer } from './simulated-trainer.js';

/** What the coordinator sends: an effect, and what belongs to it. */
export interface Order {
  readonly effect: TrainerEffect;
  /** Of the job: the digest of its results so far. */
  readonly chain: string;
  /** For `startJob`: where it begins. */
  readonly start: { readonly step: number; readonly state: number } | null;
}

/** What a trainer sends. */
export type Message =
  | { readonly kind: 'hello'; readonly holds: HeldState | null }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'event'; readonly event: ClusterEvent };

interface Way {
  atMs: number;
  isCut: boolean;
  lateMs: number | null;
}

/** A connection of a trainer to the coordinator: in order within each direction, of any speed, until it breaks. */
export class Connection {
  isOpen = true;
  /** Nothing gets through, and nobody knows. */
  isSilent = false;
  readonly trainer: SimulatedTrainer;
  readonly #world: World;
  readonly #toTrainer: Way = { atMs: 0, isCut: false, lateMs: null };
  readonly #toCoordinator: Way = { atMs: 0, isCut: false, lateMs: null };

  constructor(world: World, trainer: SimulatedTrainer) {
    this.#world = world;
    this.trainer = trainer;
  }

  toTrainer(order: Order | { readonly welcome: string; readonly term: number }): void {
    this.#world.counts.messages++;
    this.#send(this.#toTrainer, () => this.trainer.hear(this, order));
  }

  toCoordinator(message: Message): void {
    if (message.kind === 'heartbeat') this.#world.counts.heartbeats++;
    else this.#world.counts.messages++;
    const { coordinator } = this.#world;
    this.#send(this.#toCoordinator, () => coordinator.hear(this, message));
  }

  /** Ends it; both sides that live are told a little later, unless the trainer is gone with its whole machine. */
  end(isTold: { readonly coordinator: boolean } = { coordinator: true }): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const { clock, chance, coordinator } = this.#world;
    if (isTold.coordinator && !this.isSilent) clock.after(chance.between(0, 5), () => coordinator.ended(this));
    clock.after(chance.between(0, 5), () => this.trainer.ended(this));
  }

  #send(way: Way, deliver: () => void): void {
    const { clock, chance } = this.#world;
    if (this.isSilent || !this.isOpen) return;
    way.atMs = Math.max(way.atMs, clock.nowMs + chance.between(0.2, chance.isLuck(0.05) ? 40 : 3));
    clock.after(way.atMs - clock.nowMs, () => {
      // What was under way when a connection broke is lost from some message on, or comes late, after a newer connection's.
      way.isCut ||= this.isSilent || (!this.isOpen && chance.isLuck(0.3));
      if (way.isCut) return;
      if (this.isOpen) return deliver();
      way.lateMs ??= chance.between(0, 1500);
      clock.after(way.lateMs, deliver);
    });
  }
}
