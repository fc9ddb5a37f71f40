import type { ClusterState, Share } from '@langevin/cluster-core';

/** The leaves of one step, and who computes them. */
interface Assigned {
  readonly jobId: string;
  readonly step: number;
  readonly shares: readonly Share[];
}

/** Counts the leaves that change their owner within a step: they are computed again. */
export class LeafMoves {
  #last: Assigned | null = null;

  /** Told of the state after every decision that changed it; gives how many leaves have moved with that. */
  observe({ jobs }: ClusterState): number {
    const job = jobs.find(({ status }) => status.phase === 'running');
    if (job?.status.phase !== 'running' || job.status.stage.kind !== 'stepping') return 0;
    const { stage, plan } = job.status;
    const last = this.#last;
    if (last?.shares === plan.shares && last.step === stage.step && last.jobId === job.request.id) return 0;
    this.#last = { jobId: job.request.id, step: stage.step, shares: plan.shares };
    return last?.jobId === job.request.id && last.step === stage.step ? moved(last.shares, plan.shares) : 0;
  }
}

function moved(before: readonly Share[], after: readonly Share[]): number {
  const owners = new Map<number, string>();
  for (const { trainerId, subtrees } of before) for (const { first, leaves } of subtrees) for (let leaf = first; leaf < first + leaves; leaf += 1) owners.set(leaf, trainerId);
  let count = 0;
  for (const { trainerId, subtrees } of after) for (const { first, leaves } of subtrees) for (let leaf = first; leaf < first + leaves; leaf += 1) if (owners.get(leaf) !== trainerId) count += 1;
  return count;
}
