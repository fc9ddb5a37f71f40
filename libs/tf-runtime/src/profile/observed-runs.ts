/** What runs. */
export interface Observed {
  /** Name of the entry. */
  readonly entry: string;
  /** How many nodes of each operation it was given to TensorFlow with. */
  readonly nodeCounts: Readonly<Record<string, number>>;
}

/** One run of a graph, with what TensorFlow wrote down about it. */
export interface ObservedRun extends Observed {
  /** From the call into TensorFlow to its return, which several runs may share. */
  readonly elapsedMs: number;
  /** TensorFlow's RunMetadata. */
  readonly trace: Uint8Array;
}

/** Who wants to hear about runs. Programs run one at a time and to their end, so there is one listener or none. */
let listener: { readonly nowMs: () => number; readonly hear: (run: ObservedRun) => void } | null = null;

/**
 * Calls `run`, and has every graph that runs meanwhile traced. Graphs that run after it has returned are not.
 * @param nowMs a clock, in milliseconds from any start
 */
export function observingRuns(run: () => void, nowMs: () => number): ObservedRun[] {
  const runs: ObservedRun[] = [];
  const outer = listener;
  listener = { nowMs, hear: (heard) => runs.push(heard) };
  try {
    run();
    return runs;
  } finally {
    listener = outer;
  }
}

/** Runs a graph once or several times, traced when somebody listens. */
export function observeRuns<T extends { readonly trace?: ArrayBuffer }>(observed: Observed, run: (traced: boolean) => T[]): T[] {
  if (listener === null) return run(false);
  const { nowMs, hear } = listener;
  const startMs = nowMs();
  const answers = run(true);
  const elapsedMs = nowMs() - startMs;
  for (const { trace } of answers) {
    if (trace) hear({ ...observed, elapsedMs, trace: new Uint8Array(trace) });
  }
  return answers;
}
