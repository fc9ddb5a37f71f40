import type { Decision } from './decision.js';
import type { Job, Running } from './job.js';
import { withStage } from './records.js';
import type { ClusterState } from './state.js';

/**
 * Asks every member for its state after the committed step. While an earlier checkpoint is still being copied, the trainer
 * that holds its files must keep them: the job waits for the copy. It never waits for the store.
 */
export function takeStates(state: ClusterState, job: Job, run: Running, step: number): Decision {
  if (job.copying !== null) {
    const reason = `its state is taken when the checkpoint at step ${job.copying} is copied`;
    return { next: withStage(state, job, run, { kind: 'waiting', step }), effects: [], reason };
  }
  const final = step === job.request.totalSteps;
  return {
    next: withStage(state, job, run, { kind: 'snapshot', step, reports: [] }),
    effects: run.members.map(({ trainerId }) => ({ type: 'takeState', trainerId, jobId: job.request.id, step, final })),
    reason: `its ${final ? 'last state' : 'state'} is taken`,
  };
}
