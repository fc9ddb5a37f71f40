import { nodeTimes, type NodeTime } from './node-times.js';
import { observingRuns, type ObservedRun } from './observed-runs.js';

/** All executions of one operation in a run. */
export interface OperationTime {
  /** Name of TensorFlow's operation, for example "MatMul". */
  readonly operation: string;
  /** How many nodes of it ran. */
  readonly calls: number;
  /** Milliseconds that they took together. */
  readonly ms: number;
}

/** Where the time of one run of an entry went. */
export interface RunProfile {
  readonly entry: string;
  /** Milliseconds from the call into TensorFlow to its return: `graphMs`, copying inputs and results, and beginning and ending the trace, which runs without it spare. */
  readonly totalMs: number;
  /** Milliseconds from the first operation's begin to the last one's end. */
  readonly graphMs: number;
  /** Milliseconds of `graphMs` in which no operation ran: TensorFlow was choosing the next one, or writing times down. */
  readonly betweenMs: number;
  /** How many nodes of each operation the entry has before TensorFlow optimises it, as `Program.nodeCounts`. */
  readonly nodeCounts: Readonly<Record<string, number>>;
  /** How many nodes ran: those that TensorFlow left after it had optimised the graph. */
  readonly nodes: number;
  /** Slowest first. Where operations run side by side, their times add up to more than `graphMs` − `betweenMs`. */
  readonly operations: readonly OperationTime[];
}

/** How {@link profile} measures. */
export interface ProfileOptions {
  /** A clock, in milliseconds from any start. @default performance.now */
  readonly nowMs?: () => number;
}

/**
 * Runs a function and tells of every compiled entry that it calls, in their order, where TensorFlow spent its time. The first runs of an entry are slower
 * than all that follow: call it a few times before. Tracing costs a little, most where operations are small.
 *
 * @example
 * const [run] = profile(() => program.run.step(feeds).loss.dispose());
 * console.table(run?.operations);
 *
 * @returns nothing for what runs eagerly
 */
export function profile(run: () => void, { nowMs = () => performance.now() }: ProfileOptions = {}): RunProfile[] {
  return observingRuns(run, nowMs).map(profileOf);
}

function profileOf({ entry, nodeCounts, elapsedMs, trace }: ObservedRun): RunProfile {
  const times = nodeTimes(trace);
  const { spanNs, busyNs } = occupation(times);
  return { entry, nodeCounts, totalMs: elapsedMs, graphMs: spanNs / 1e6, betweenMs: (spanNs - busyNs) / 1e6, nodes: times.length, operations: byOperation(times) };
}

function byOperation(times: readonly NodeTime[]): OperationTime[] {
  const sums = new Map<string, { calls: number; ns: number }>();
  for (const { operation, startNs, endNs } of times) {
    const { calls, ns } = sums.get(operation) ?? { calls: 0, ns: 0 };
    sums.set(operation, { calls: calls + 1, ns: ns + endNs - startNs });
  }
  return [...sums].map(([operation, { calls, ns }]) => ({ operation, calls, ms: ns / 1e6 })).sort((a, b) => b.ms - a.ms);
}

/** Nanoseconds from the first begin to the last end, and how many of them at least one operation ran. */
function occupation(times: readonly NodeTime[]): { readonly spanNs: number; readonly busyNs: number } {
  const inOrder = [...times].sort((a, b) => a.startNs - b.startNs);
  let [busy, end] = [0, -Infinity];
  for (const { startNs, endNs } of inOrder) {
    busy += Math.max(0, endNs - Math.max(startNs, end));
    end = Math.max(end, endNs);
  }
  const [first] = inOrder;
  return { spanNs: first ? end - first.startNs : 0, busyNs: busy };
}
