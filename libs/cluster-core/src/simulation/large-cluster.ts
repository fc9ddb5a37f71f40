import type { Fault, SimulationOptions } from './options.js';

/** One job on many trainers, with a few faults: to see what decisions and messages cost. */
export function largeCluster(trainers: number, { seed, cpuMs, steps = 12 }: { readonly seed: number; readonly cpuMs: () => number; readonly steps?: number }): SimulationOptions {
  const faults: Fault[] = [
    { kind: 'kill', atMs: 400, which: 3, backAfterMs: 500 },
    { kind: 'slow', atMs: 500, which: 5, times: 3 },
    { kind: 'reset', atMs: 700, which: 7 },
    { kind: 'join', atMs: 800, isOdd: false },
    { kind: 'drain', atMs: 900, which: 4, backAfterMs: 500 },
  ];
  const virtualWorkers = 2 ** Math.ceil(Math.log2(4 * trainers));
  return { seed, trainers, virtualWorkers, blocks: Math.min(320, 4 * trainers), steps, checkpointEvery: 6, minTrainers: Math.ceil(0.9 * trainers), exchange: 'peers', faults, cpuMs };
}
