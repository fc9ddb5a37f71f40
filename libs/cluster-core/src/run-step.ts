import { counted } from './counted.js';
import type { Decision } from './decision.js';
import type { Job, Running } from './job.js';
import { withStage } from './records.js';
import type { ClusterState } from './state.js';

/** Sets every member of the job to computing `step`. The stage that `run` may have had is over. */
export function beginStep(state: ClusterState, job: Job, run: Omit<Running, 'stage'>, step: number): Decision {
  const stage = { kind: 'computing', step, received: [] } as const;
  const { generation } = run;
  return {
    next: withStage(state, job, { ...run, stage }, stage),
    effects: run.shares.map(({ trainerId, subtrees }) => ({
      type: 'runStep',
      trainerId,
      jobId: job.request.id,
      step,
      generation,
      subtrees,
    })),
    reason: `step ${step} runs on ${counted(run.shares.length, 'trainer')}`,
  };
}
