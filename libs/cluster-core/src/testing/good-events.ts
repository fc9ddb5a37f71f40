import type { ClusterEvent } from '../event.js';
import type { Job, Running } from '../job.js';
import type { ClusterState } from '../state.js';

/** The numerics class that well-behaved trainers have. */
export const goodClass = { isa: 'avx2', threads: '1' };

/** Everything that well-behaved trainers, reducer and store may say next; empty when they have nothing to say. */
export function goodEvents(state: ClusterState): ClusterEvent[] {
  return state.jobs.flatMap((job) => [...copied(job), ...stored(job), ...trainerEvents(job)]);
}

function copied({ request, copying }: Job): ClusterEvent[] {
  return copying === null ? [] : [{ type: 'checkpointCopied', jobId: request.id, step: copying }];
}

function stored(job: Job): ClusterEvent[] {
  const jobId = job.request.id;
  return job.storing.filter((step) => step !== job.copying).map((step) => ({ type: 'checkpointStored', jobId, step, manifestDigest: `m${step}`, weightsSha256: `w${step}` }));
}

function trainerEvents(job: Job): ClusterEvent[] {
  const jobId = job.request.id;
  const { status } = job;
  if (status.phase === 'running') return runningEvents(jobId, status);
  if (status.phase !== 'starting') return [];
  return status.members
    .filter((member) => !member.ready)
    .map(({ trainerId }) => ({ type: 'trainerReady', trainerId, jobId, numerics: status.numericsClass ?? goodClass }));
}

function runningEvents(jobId: string, run: Running): ClusterEvent[] {
  const { stage, generation } = run;
  const { step } = stage;
  const ids = run.members.map((member) => member.trainerId);
  switch (stage.kind) {
    case 'computing': {
      const missing = run.shares.flatMap(({ trainerId, subtrees }) =>
        subtrees
          .filter((subtree) => !stage.received.some((one) => one.first === subtree.first))
          .map((subtree) => ({ type: 'partialReceived', trainerId, jobId, step, generation, subtree }) as const),
      );
      const result = { type: 'resultReady', jobId, step, digest: `d${step}`, loss: 1 / step, finite: true, norm: 1 } as const;
      return missing.length > 0 ? missing : [result];
    }
    case 'agreeing':
      return ids
        .filter((id) => !stage.prepared.includes(id))
        .map((trainerId) => ({ type: 'prepared', trainerId, jobId, step, digest: stage.digest }));
    case 'snapshot': {
      const files = ['weights', 'ema', 'optimizer'].map((role) => ({ role, digest: `${role.charAt(0)}${step}`, size: 4 }));
      return ids
        .filter((id) => !stage.reports.some((report) => report.trainerId === id))
        .map((trainerId) => ({ type: 'stateReported', trainerId, jobId, step, files }));
    }
    case 'waiting':
    case 'finishing':
      return [];
  }
}
