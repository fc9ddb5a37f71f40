import { jobView, type Effect } from '@langevin/cluster-core';
import { storeCheckpoint } from './checkpoint-storage.js';
import type { CoordinatorContext } from './context.js';

/** Does what was decided: a message to a trainer, or work of the coordinator itself. */
export function performEffect(context: CoordinatorContext, effect: Effect): void {
  const { connections, book, reductions } = context;
  switch (effect.type) {
    case 'startJob':
      return connections.send(effect.trainerId, { startJob: book.startMessage(effect.jobId) });
    case 'runStep':
      return connections.send(effect.trainerId, { runStep: reductions.begin(effect) });
    case 'addPartial':
      return reductions.add(effect);
    case 'announceResult':
      return connections.send(effect.trainerId, { resultReady: reductions.announcement(effect) });
    case 'commit':
      book.committed(effect.jobId, effect.step, context.clock());
      return connections.send(effect.trainerId, { commit: { job: effect.jobId, step: effect.step } });
    case 'takeState':
      return connections.send(effect.trainerId, { takeState: { job: effect.jobId, step: effect.step, final: effect.final } });
    case 'storeCheckpoint':
      return void storeCheckpoint(context, effect);
    case 'stopJob':
      return connections.send(effect.trainerId, { stopJob: { job: effect.jobId, reason: effect.reason } });
    case 'refuseTrainer':
      return connections.refuse(effect.trainerId, effect.code, effect.reason, effect.jobId);
    case 'dropTrainer':
      return connections.drop(effect.trainerId, effect.reason);
    case 'jobChanged':
      if (hasEnded(context, effect.jobId)) reductions.end(effect.jobId);
      return book.changed(effect.jobId);
  }
}

function hasEnded({ state }: CoordinatorContext, jobId: string): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(jobView(state(), jobId)?.phase ?? '');
}
