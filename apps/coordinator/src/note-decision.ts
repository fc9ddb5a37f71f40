import type { ClusterEvent, ClusterState, Effect } from '@langevin/cluster-core';
import type { Ledger } from '@langevin/processes';

/** Writes down, before it is acted upon, what a decision means for the steps of a job. */
export function noteDecision(ledger: Ledger, event: ClusterEvent, { before, after, effects }: { readonly before: ClusterState; readonly after: ClusterState; readonly effects: readonly Effect[] }): void {
  if (!ledger.isOpen) return;
  noteLosses(ledger, event, before, after, effects);
  if (event.type === 'peerTrouble') ledger.note({ type: 'trouble', job: event.jobId, trainer: nameOf(before, event.trainerId), peer: nameOf(before, event.peerId), problem: event.problem });
  if (event.type === 'jobReopened') ledger.note({ type: 'reopened', job: event.job.id, step: event.job.startStep });
  for (const effect of effects) {
    const status = after.jobs.find(({ request }) => 'jobId' in effect && request.id === effect.jobId)?.status;
    const members = status?.phase === 'running' ? status.members.map(({ trainerId, name, incarnation }) => ({ trainerId, name, incarnation })) : [];
    if (effect.type === 'stepBegun') ledger.note({ type: 'begun', job: effect.jobId, step: effect.step, generation: effect.plan.generation, shares: effect.plan.shares, members });
    if (effect.type === 'stepCommitted') ledger.note({ type: 'committed', job: effect.jobId, step: effect.step, chain: effect.digest, members });
  }
}

/** Whoever is gone and was not let go: also one whose connection has been superseded, or who was evicted. */
function noteLosses(ledger: Ledger, event: ClusterEvent, before: ClusterState, after: ClusterState, effects: readonly Effect[]): void {
  if (before.trainers === after.trainers) return;
  const stays = new Set(after.trainers.map(({ id }) => id));
  const released = new Set(effects.flatMap((effect) => (effect.type === 'releaseTrainer' ? [effect.trainerId] : [])));
  for (const { id, name, draining } of before.trainers) {
    if (stays.has(id) || released.has(id)) continue;
    const dropped = effects.flatMap((effect) => (effect.type === 'dropTrainer' && effect.trainerId === id ? [effect.reason] : []));
    const why = event.type === 'trainerDetached' ? event.why : (dropped[0] ?? event.type);
    ledger.note({ type: draining === null ? 'lost' : 'left', trainer: id, name, why });
  }
}

function nameOf({ trainers }: ClusterState, trainerId: string): string {
  return trainers.find(({ id }) => id === trainerId)?.name ?? trainerId;
}
