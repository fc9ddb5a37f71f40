import type { ClusterEvent } from '../event.js';
import type { Job, Joiner, Running } from '../job.js';
import { isIn } from '../member-set.js';
import type { ClusterState } from '../state.js';

/** The numerics class that well-behaved trainers have. */
export const goodClass = { isa: 'avx2', threads: '1' };

/** Everything that well-behaved trainers and store may say next; empty when they have nothing to say. */
export function goodEvents(state: ClusterState): ClusterEvent[] {
  return state.jobs.flatMap((job) => [...copied(job), ...stored(job), ...reopened(job), ...trainerEvents(job)]);
}

function copied({ request, copying }: Job): ClusterEvent[] {
  return copying === null ? [] : [{ type: 'checkpointCopied', jobId: request.id, step: copying.step }];
}

function stored(job: Job): ClusterEvent[] {
  const jobId = job.request.id;
  return job.storing.filter((step) => step !== job.copying?.step).map((step) => ({ type: 'checkpointStored', jobId, step, manifestDigest: `m${step}`, weightsSha256: `w${step}` }));
}

function reopened({ request, checkpoint, storing, status }: Job): ClusterEvent[] {
  if (status.phase !== 'queued' || !status.reopening || storing.length > 0) return [];
  return [{ type: 'jobReopened', job: { ...request, startStep: checkpoint?.step ?? request.startStep } }];
}

function trainerEvents(job: Job): ClusterEvent[] {
  const jobId = job.request.id;
  const { status } = job;
  if (status.phase === 'running') return [...returning(job, status), ...status.joiners.flatMap((joiner) => joinerEvents(job, status, joiner)), ...memberEvents(jobId, status)];
  if (status.phase !== 'starting') return [];
  return status.members.filter((member) => !member.ready).map(({ trainerId }) => ({ type: 'trainerReady', trainerId, jobId, numerics: status.numericsClass ?? goodClass }));
}

function joinerEvents({ request, committed, chain }: Job, run: Running, { trainerId, progress, prepared }: Joiner): ClusterEvent[] {
  const jobId = request.id;
  if (progress === 'preparing') return [{ type: 'trainerReady', trainerId, jobId, numerics: run.numericsClass }];
  if (progress === 'fetching' && run.sharing) return [{ type: 'stateFetched', trainerId, jobId, step: run.sharing.step }];
  return progress === 'replaying' && prepared < committed ? [preparedEvent(trainerId, jobId, committed, chain)] : [];
}

/** Those who are waited for come back with what they had. */
function returning({ request, committed, chain }: Job, { stage }: Running): ClusterEvent[] {
  if (stage.kind !== 'recovering') return [];
  const holds = { jobId: request.id, applied: committed, chain, loss: 1, prepared: null };
  return stage.expected.map(({ trainerId, name, incarnation }) => ({ type: 'trainerAttached', trainerId: `${trainerId}'`, name, version: '0.1.0', incarnation, pullAddress: 'h:1', numerics: {}, holds }));
}

function memberEvents(jobId: string, { stage, members }: Running): ClusterEvent[] {
  const { step } = stage;
  if (stage.kind === 'stepping') {
    return members
      .filter(({ trainerId }, place) => !isIn(stage.prepared, place) && !stage.dissent.some((one) => one.trainerId === trainerId))
      .map(({ trainerId }) => preparedEvent(trainerId, jobId, step, `d${step}`));
  }
  if (stage.kind !== 'snapshot') return [];
  const files = ['weights', 'ema', 'optimizer'].map((role) => ({ role, digest: `${role.charAt(0)}${step}`, size: 4 }));
  return members.filter(({ trainerId }) => !stage.reports.some((report) => report.trainerId === trainerId)).map(({ trainerId }) => ({ type: 'stateReported', trainerId, jobId, step, files }));
}

function preparedEvent(trainerId: string, jobId: string, step: number, digest: string): ClusterEvent {
  return { type: 'prepared', trainerId, jobId, step, digest, loss: 1 / step, finite: true, norm: 1, leafMs: 10 };
}
