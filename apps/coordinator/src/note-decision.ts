import type { ClusterEvent, ClusterState, Effect } from '@langevin/cluster-core';
import type { Ledger } from '@langevin/processes';

/** Writes down, before it is acted upon, what a decision means for the steps of a job. */
export function noteDecision(ledger: Ledger, event: ClusterEvent, after: ClusterState, effects: readonly Effect[]): void {
  if (!ledger.isOpen) return;
  if (event.type === 'trainerDetached') ledger.note({ type: 'lost', trainer: event.trainerId, why: event.why });
  if (event.type === 'jobReopened') ledger.note({ type: 'reopened', job: event.job.id, step: event.job.startStep });
  for (const effect of effects) {
    const status = after.jobs.find(({ request }) => 'jobId' in effect && request.id === effect.jobId)?.status;
    const members = status?.phase === 'running' ? status.members.map(({ trainerId, name, incarnation }) => ({ trainerId, name, incarnation })) : [];
    if (effect.type === 'stepBegun') ledger.note({ type: 'begun', job: effect.jobId, step: effect.step, generation: effect.plan.generation, shares: effect.plan.shares, members });
    if (effect.type === 'stepCommitted') ledger.note({ type: 'committed', job: effect.jobId, step: effect.step, chain: effect.digest, members });
  }
}
