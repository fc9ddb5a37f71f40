import type { Job, Member } from './job.js';
import { isIn } from './member-set.js';
import { jobReason, resumeStep } from './reason.js';
import { findJob, membersOf } from './records.js';
import type { ClusterState } from './state.js';

/** A job as people and their tools see it. */
export interface JobView {
  readonly id: string;
  readonly phase: Job['status']['phase'];
  /** Why it is in this phase, and what to do if it has ended early. */
  readonly reason: string;
  /** Committed steps. */
  readonly step: number;
  readonly totalSteps: number;
  /** The step that this attempt continued from. */
  readonly startedAtStep: number;
  /** Mean training loss of the last committed step; null before this attempt's first. */
  readonly loss: number | null;
  /** Checkpoints that this attempt stored. */
  readonly checkpoints: number;
  /** The step that another attempt would continue from; null when there is no checkpoint. */
  readonly resumeStep: number | null;
  /** Digest of the newest manifest of this attempt; null before the first. */
  readonly lastCheckpoint: string | null;
  /** sha256 of the weights file of that checkpoint. */
  readonly weightsSha256: string | null;
  /** Names of those that work, or worked, on it. */
  readonly trainers: readonly string[];
  /** Set when it failed. */
  readonly errorCode: string | null;
}

/** The newest attempt at a job; undefined when no job has this id. */
export function jobView(state: ClusterState, jobId: string): JobView | undefined {
  const job = findJob(state, jobId);
  return job && viewOf(state, job);
}

/** Every job, in the order of submission. */
export function jobViews(state: ClusterState): readonly JobView[] {
  return state.jobs.map((job) => viewOf(state, job));
}

/** Names of the trainers that the job waits for now: who to look at when it stands still. */
export function waitingFor(state: ClusterState, jobId: string): readonly string[] {
  const job = findJob(state, jobId);
  if (!job) return [];
  const { status } = job;
  if (status.phase === 'running' && status.stage.kind === 'recovering') return status.stage.expected.map(({ name }) => name);
  return membersOf(job)
    .filter((member, place) => isAwaited(job, member, place))
    .map((member) => member.name);
}

function isAwaited({ status }: Job, { trainerId, ready }: Member, place: number): boolean {
  if (status.phase !== 'running') return !ready;
  const { stage } = status;
  switch (stage.kind) {
    case 'stepping':
      return !isIn(stage.prepared, place) && !stage.dissent.some((one) => one.trainerId === trainerId);
    case 'snapshot':
      return !stage.reports.some((report) => report.trainerId === trainerId);
    case 'committed':
    case 'waiting':
    case 'between':
    case 'finishing':
    case 'paused':
    case 'recovering':
      return false;
  }
}

function viewOf(state: ClusterState, job: Job): JobView {
  const { request, status } = job;
  return {
    id: request.id,
    phase: status.phase,
    reason: jobReason(state, job),
    step: job.committed,
    totalSteps: request.totalSteps,
    startedAtStep: request.startStep,
    loss: job.loss,
    checkpoints: job.checkpoints,
    resumeStep: resumeStep(job),
    lastCheckpoint: job.checkpoint?.manifestDigest ?? null,
    weightsSha256: job.checkpoint?.weightsSha256 ?? null,
    trainers: 'trainers' in status ? status.trainers : membersOf(job).map((member) => member.name),
    errorCode: status.phase === 'failed' ? status.code : null,
  };
}
