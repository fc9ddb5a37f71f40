import type { ClusterState, Trainer } from '@langevin/cluster-core';

/** How many leaves of its job's tree a trainer owns now. */
export function ownedLeaves({ jobs }: ClusterState, { id, jobId }: Pick<Trainer, 'id' | 'jobId'>): number {
  const status = jobs.find(({ request }) => request.id === jobId)?.status;
  if (status?.phase !== 'running') return 0;
  const share = status.plan.shares.find(({ trainerId }) => trainerId === id);
  return share?.subtrees.reduce((sum, { leaves }) => sum + leaves, 0) ?? 0;
}
