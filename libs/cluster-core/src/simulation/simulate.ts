import type { Job, JobRequest } from '../job.js';
import { jobView } from '../view.js';
import { rightStates } from './arithmetic.js';
import { Chance } from './chance.js';
import type { Fault, SimulationOptions } from './options.js';
import { SimulatedCoordinator } from './simulated-coordinator.js';
import { SimulatedStore } from './simulated-store.js';
import { startTrainer, strike } from './strike.js';
import { VirtualClock } from './virtual-clock.js';
import type { World } from './world.js';

/** Virtual time in which every job must have ended. */
const limitMs = 180_000;
/** How long people take to say which of two that differ is wrong. */
const operatorMs = 500;

/** After these every trainer that held a state still has it, and comes back in time. */
const harmless: readonly Fault['kind'][] = ['killCoordinator', 'reset', 'blip', 'join', 'slow', 'storeOutage'];

/** What came of a simulation. */
export interface SimulationReport {
  readonly seed: number;
  /** What went wrong that must not; null when all promises were kept. */
  readonly problem: string | null;
  readonly virtualMs: number;
  readonly events: number;
  readonly decisions: number;
  /** Between coordinator and trainers, heartbeats not counted. */
  readonly messages: number;
  readonly heartbeats: number;
  readonly largestMessageBytes: number;
  /** Of the coordinator's decisions; 0 unless measured. */
  readonly cpuMs: number;
  /** Times that a trainer applied a step. */
  readonly applied: number;
  readonly coordinatorLives: number;
  readonly processes: number;
}

/** Plays one schedule to its end: the job must end well, with the state of an undisturbed run. The same options give the same report. */
export function simulate(options: SimulationOptions): SimulationReport {
  const world = createWorld(options);
  const { clock, coordinator } = world;
  coordinator.start();
  for (let index = 1; index <= options.trainers; index++) clock.after(world.chance.between(0, 50), () => startTrainer(world, `n${index}`, false));
  for (const fault of options.faults) clock.after(fault.atMs, () => strike(world, fault));
  watchAsOperator(world);
  clock.runUntil(limitMs, () => world.broken !== null || isOver(world));
  const { messages, heartbeats, largestBytes, applied } = world.counts;
  return {
    seed: options.seed,
    problem: world.broken ?? problemAtEnd(world),
    virtualMs: clock.nowMs,
    events: clock.events,
    decisions: coordinator.decisions,
    messages,
    heartbeats,
    largestMessageBytes: largestBytes,
    cpuMs: coordinator.cpuMs,
    applied,
    coordinatorLives: coordinator.life,
    processes: world.trainers.length,
  };
}

function createWorld(options: SimulationOptions): World {
  const { virtualWorkers, blocks, exchange, steps, minTrainers, checkpointEvery } = options;
  const request: JobRequest = { id: 'digits', virtualWorkers, blocks, exchange, totalSteps: steps, minTrainers, checkpointEvery, startStep: 0, numericsClass: null };
  const store = new SimulatedStore();
  const counts = { messages: 0, heartbeats: 0, largestBytes: 0, applied: 0, reopened: 0 };
  const parts = { options, clock: new VirtualClock(), chance: new Chance(options.seed ^ 0x5eed), store, counts };
  const sets = { trainers: [], partitions: new Set<string>(), ids: new Map(), committed: new Set<string>(), right: rightStates(steps, virtualWorkers) };
  // The coordinator needs the world that it is a part of.
  const world = { ...parts, ...sets, broken: null } as unknown as World;
  world.coordinator = new SimulatedCoordinator(world, request);
  store.attach(world);
  return world;
}

function jobOf({ coordinator }: World): Job | undefined {
  return coordinator.state.jobs[0];
}

function isOver(world: World): boolean {
  const phase = jobOf(world)?.status.phase;
  return world.coordinator.isAlive && (phase === 'succeeded' || phase === 'failed' || phase === 'cancelled');
}

/** Somebody looks now and then, and drains whoever is known to be wrong when no majority can tell. */
function watchAsOperator(world: World): void {
  world.clock.after(operatorMs, () => {
    const status = jobOf(world)?.status;
    const isStuck = status?.phase === 'running' && status.stage.kind === 'paused' && status.stage.needs === 'decision';
    if (isStuck) world.trainers.find(({ isAlive, hasDiverged }) => isAlive && hasDiverged)?.drain();
    watchAsOperator(world);
  });
}

function problemAtEnd(world: World): string | null {
  const { store, options, right, coordinator } = world;
  const job = jobOf(world);
  if (job?.status.phase !== 'succeeded') {
    const view = jobView(coordinator.state, 'digits');
    return `after ${world.clock.nowMs.toFixed(0)} ms the job is ${view?.phase ?? 'unknown'} at step ${view?.step ?? 0}/${options.steps}: ${view?.reason ?? 'no job'}; ${JSON.stringify(job?.status ?? null).slice(0, 600)}`;
  }
  if (world.counts.reopened > 0 && options.faults.every(({ kind }) => harmless.includes(kind))) return 'committed steps were lost, though every trainer lived';
  if (store.stored.get(options.steps) !== right[options.steps]) return 'the last checkpoint is not the state of an undisturbed run';
  for (const [step, state] of store.stored) if (state !== right[step]) return `the checkpoint of step ${step} is not the state of an undisturbed run`;
  return null;
}
