import { Chance } from './chance.js';
import type { Defect, Fault, SimulationOptions } from './options.js';

/** What a seed stands for: a cluster, a job, and what goes wrong. */
export function scheduleOf(seed: number, { trainers, defect }: { readonly trainers?: number | undefined; readonly defect?: Defect | undefined } = {}): SimulationOptions {
  const chance = new Chance(seed);
  const count = trainers ?? chance.whole(1, 8);
  const virtualWorkers = chance.one([4, 8, 8, 16]);
  const steps = chance.whole(4, 10);
  const isDivergence = count >= 3 && chance.isLuck(0.12);
  const isManyFaults = chance.isLuck(0.3);
  const endMs = steps * 130;
  const kinds = isDivergence ? calmKinds : chance.isLuck(0.1) ? harmlessKinds : wildKinds;
  const faults = Array.from({ length: chance.whole(isManyFaults ? 4 : 1, isManyFaults ? 9 : 3) }, () => faultOf(chance.one(kinds), chance, endMs));
  if (isDivergence) faults.push({ kind: 'diverge', atMs: chance.between(150, endMs / 2), which: chance.whole(0, 7), what: chance.one(['result', 'state']) });
  return {
    seed,
    trainers: count,
    virtualWorkers,
    blocks: chance.whole(1, 6),
    steps,
    checkpointEvery: chance.one([1, 2, 3, 5, 100]),
    minTrainers: chance.isLuck(0.25) ? Math.min(2, count, virtualWorkers) : 1,
    exchange: chance.isLuck(0.15) ? 'coordinator' : 'peers',
    faults,
    defect,
  };
}

const wildKinds: readonly Fault['kind'][] = ['kill', 'kill', 'vanish', 'freeze', 'freeze', 'reset', 'reset', 'silence', 'blip', 'partition', 'drain', 'join', 'fail', 'slow', 'killCoordinator', 'killCoordinator', 'freezeCoordinator', 'storeOutage'];

/** Those that take nobody's state. */
const harmlessKinds: readonly Fault['kind'][] = ['killCoordinator', 'reset', 'blip', 'join', 'slow', 'storeOutage'];

/** Those after which somebody is left to compare with. */
const calmKinds: readonly Fault['kind'][] = ['join', 'slow', 'storeOutage', 'freezeCoordinator'];

function faultOf(kind: Fault['kind'], chance: Chance, endMs: number): Fault {
  const atMs = chance.between(0, endMs);
  const which = chance.whole(0, 7);
  const backAfterMs = chance.isLuck(0.7) ? chance.between(100, 2500) : chance.between(2500, 15_000);
  switch (kind) {
    case 'kill':
    case 'vanish':
    case 'drain':
      return { kind, atMs, which, backAfterMs };
    case 'freeze':
      return { kind, atMs, which, forMs: chance.between(100, 6000) };
    case 'reset':
    case 'silence':
    case 'fail':
      return { kind, atMs, which };
    case 'blip':
      return { kind, atMs };
    case 'partition':
      return { kind, atMs, which, other: chance.whole(0, 7), forMs: chance.between(100, 5000) };
    case 'join':
      return { kind, atMs, isOdd: chance.isLuck(0.2) };
    case 'slow':
      return { kind, atMs, which, times: chance.between(2, 8) };
    case 'diverge':
      return { kind, atMs, which, what: 'result' };
    case 'killCoordinator':
      return { kind, atMs, backAfterMs: chance.between(50, 4000), cut: chance.whole(0, 6) };
    case 'freezeCoordinator':
      return { kind, atMs, forMs: chance.between(200, 5000) };
    case 'storeOutage':
      return { kind, atMs, forMs: chance.between(200, 8000) };
  }
}
