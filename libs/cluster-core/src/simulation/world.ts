import type { Chance } from './chance.js';
import type { SimulationOptions } from './options.js';
import type { SimulatedCoordinator } from './simulated-coordinator.js';
import type { SimulatedTrainer } from './simulated-trainer.js';
import type { SimulatedStore } from './simulated-store.js';
import type { VirtualClock } from './virtual-clock.js';

/** One that has a part in the exchange of gradients. */
export interface Peer {
  readonly label: string;
  /** Told when whom they wait for may have more. */
  readonly waiters: Set<Peer>;
  /** Looks again whether what it waits for is there. */
  look(): void;
  partial(step: number, chain: string, first: number, leaves: number): number | undefined;
  chunk(step: number, chain: string, firstBlock: number, blocks: number): number | undefined;
}

/** What the parts of a simulation share, and what is known from outside. */
export interface World {
  readonly options: SimulationOptions;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly store: SimulatedStore;
  coordinator: SimulatedCoordinator;
  /** Processes that live or have lived. */
  readonly trainers: SimulatedTrainer[];
  /** Pairs of names that cannot reach each other. */
  readonly partitions: Set<string>;
  /** Who had an id in a coordinator's term. */
  readonly ids: Map<string, SimulatedTrainer>;
  /** States after each step, when nothing goes wrong. */
  readonly right: readonly number[];
  /** Digests that a coordinator has said to be committed, or that the only trainer of a step has held. */
  readonly committed: Set<string>;
  readonly counts: { messages: number; heartbeats: number; largestBytes: number; applied: number; reopened: number };
  /** The first promise that was broken; null while none is. */
  broken: string | null;
}

/** Notes that something happened that must never happen. */
export function violate(world: World, what: string): void {
  world.broken ??= `at ${world.clock.nowMs.toFixed(1)} ms: ${what}`;
}

/** Whether one trainer gets data from another now. */
export function reaches(world: World, a: SimulatedTrainer, b: SimulatedTrainer): boolean {
  return a.isUp && b.isUp && (world.partitions.size === 0 || !world.partitions.has(pairOf(a.name, b.name)));
}

export function pairOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
