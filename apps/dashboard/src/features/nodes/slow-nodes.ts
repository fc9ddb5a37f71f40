import type { NodeInfo } from '@langevin/contracts/api';

/** How much longer than the median a share of a step must take to be called slow. */
const slowFactor = 1.25;

/**
 * Ids of the trainers that the others wait for: those whose computing time for one virtual worker is far above the median of their job.
 * Alone in its job nobody is slow.
 */
export function slowNodes(nodes: readonly NodeInfo[]): ReadonlySet<string> {
  const pace = new Map<string, { readonly job: string; readonly ms: number }>();
  for (const { id, job, stepMs, virtualWorkers } of nodes) {
    if (job !== null && stepMs && virtualWorkers > 0) pace.set(id, { job, ms: stepMs.compute / virtualWorkers });
  }
  const slow = new Set<string>();
  for (const [id, { job, ms }] of pace) {
    const peers = [...pace.values()].filter((other) => other.job === job).map((other) => other.ms);
    if (peers.length > 1 && ms > slowFactor * lowerMedian(peers)) slow.add(id);
  }
  return slow;
}

function lowerMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
}
