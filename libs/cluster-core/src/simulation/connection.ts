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

/** A connection of a trainer to the coordinator: in order within each direction, of any speed, until it breaks. */
export class Connection {
  isOpen = true;
  /** Nothing gets through, and nobody knows. */
  isSilent = false;
  readonly trainer: SimulatedTrainer;
  readonly #world: World;
  #toTrainerMs = 0;
  #toCoordinatorMs = 0;

  constructor(world: World, trainer: SimulatedTrainer) {
    this.#world = world;
    this.trainer = trainer;
  }

  toTrainer(order: Order | { readonly welcome: string; readonly term: number }): void {
    this.#world.counts.messages++;
    this.#toTrainerMs = this.#send(this.#toTrainerMs, () => this.trainer.hear(this, order));
  }

  toCoordinator(message: Message): void {
    if (message.kind === 'heartbeat') this.#world.counts.heartbeats++;
    else this.#world.counts.messages++;
    const { coordinator } = this.#world;
    this.#toCoordinatorMs = this.#send(this.#toCoordinatorMs, () => coordinator.hear(this, message));
  }

  /** Ends it; both sides that live are told a little later, unless the trainer is gone with its whole machine. */
  end(isTold: { readonly coordinator: boolean } = { coordinator: true }): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const { clock, chance, coordinator } = this.#world;
    if (isTold.coordinator && !this.isSilent) clock.after(chance.between(0, 5), () => coordinator.ended(this));
    clock.after(chance.between(0, 5), () => this.trainer.ended(this));
  }

  #send(notBeforeMs: number, deliver: () => void): number {
    const { clock, chance } = this.#world;
    if (this.isSilent || !this.isOpen) return notBeforeMs;
    const atMs = Math.max(notBeforeMs, clock.nowMs + chance.between(0.2, chance.isLuck(0.05) ? 40 : 3));
    clock.after(atMs - clock.nowMs, () => {
      // What was under way when a connection broke is lost, or comes after a newer connection.
      if (this.isSilent || (!this.isOpen && chance.isLuck(0.5))) return;
      deliver();
    });
    return atMs;
  }
}
