import type { Decision } from './decision.js';
import type { Job, JobStatus } from './job.js';
import { jobReason } from './reason.js';
import { assign, findTrainer, joinersOf, membersOf, withJob } from './records.js';
import type { ClusterState } from './state.js';

/** Ends the job with an error: its trainers stop and are idle again. `cause` names who and what. */
export function failJob(state: ClusterState, job: Job, code: string, cause: string): Decision {
  return endJob(state, job, { phase: 'failed', trainers: namesOf(job), code, cause });
}

/** Ends the job, which has nothing left to do. */
export function succeedJob(state: ClusterState, job: Job): Decision {
  return endJob(state, job, { phase: 'succeeded', trainers: namesOf(job) });
}

/** Ends the job because someone asked for it. */
export function cancelJob(state: ClusterState, job: Job): Decision {
  return endJob(state, job, { phase: 'cancelled', trainers: namesOf(job) });
}

function endJob(state: ClusterState, job: Job, status: JobStatus): Decision {
  const ended = { ...job, status };
  const ids = [...membersOf(job), ...joinersOf(job)].map(({ trainerId }) => trainerId);
  const reason = `job "${job.request.id}" ${status.phase}: ${jobReason(state, ended)}`;
  return {
    next: assign(withJob(state, ended), ids, null),
    effects: ids
      .filter((trainerId) => findTrainer(state, trainerId))
      .map((trainerId) => ({ type: 'stopJob', trainerId, jobId: job.request.id, reason })),
    reason,
  };
}

function namesOf(job: Job): string[] {
  return membersOf(job).map((member) => member.name);
}
