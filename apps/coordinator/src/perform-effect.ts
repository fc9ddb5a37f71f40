import { jobView, type Effect } from '@langevin/cluster-core';
import { storeCheckpoint } from './checkpoint-storage.js';
import type { CoordinatorContext } from './context.js';
import { reopenJob } from './reopen-job.js';

/** Does what was decided: a message to a trainer, or work of the coordinator itself. */
export function performEffect(context: CoordinatorContext, effect: Effect): void {
  const { connections, book, relay, steps } = context;
  switch (effect.type) {
    case 'startJob':
      return connections.send(effect.trainerId, { startJob: { ...book.startMessage(effect.jobId), joins: effect.joins } });
    case 'stepBegun':
      return relay.begin(effect);
    case 'runStep':
      return steps.runStep(effect);
    case 'stepCommitted':
      relay.commit(effect);
      return book.committed(effect.jobId, effect.step, context.clock());
    case 'commit':
      return connections.send(effect.trainerId, { commit: { job: effect.jobId, step: effect.step, digest: effect.digest } });
    case 'shareState':
      steps.introduce(effect.trainerId, effect.jobId);
      return connections.send(effect.trainerId, { shareState: { job: effect.jobId, step: effect.step } });
    case 'dropState':
      return connections.send(effect.trainerId, { dropState: { job: effect.jobId, step: effect.step } });
    case 'fetchState':
      steps.introduce(effect.trainerId, effect.jobId);
      return connections.send(effect.trainerId, { fetchState: { job: effect.jobId, step: effect.step, chain: effect.chain, donors: [...effect.donors] } });
    case 'takeState':
      return connections.send(effect.trainerId, { takeState: { job: effect.jobId, step: effect.step, final: effect.final } });
    case 'storeCheckpoint':
      return void storeCheckpoint(context, effect);
    case 'reopenJob':
      return void reopenJob(context, effect.jobId);
    case 'stopJob':
      return connections.send(effect.trainerId, { stopJob: { job: effect.jobId, reason: effect.reason } });
    case 'refuseTrainer':
      return connections.refuse(effect.trainerId, effect.code, effect.reason, effect.jobId);
    case 'dropTrainer':
      return connections.drop(effect.trainerId, effect.code, effect.reason);
    case 'releaseTrainer':
      return connections.release(effect.trainerId, effect.reason);
    case 'jobChanged':
      if (hasEnded(context, effect.jobId)) relay.end(effect.jobId);
      return book.changed(effect.jobId);
  }
}

function hasEnded({ state }: CoordinatorContext, jobId: string): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(jobView(state(), jobId)?.phase ?? '');
}
