import { describeDifference, dissenters } from './agreement.js';
import { counted } from './counted.js';
import { andThen, ignore, type Decision } from './decision.js';
import { failJob, succeedJob } from './ending.js';
import type { CheckpointEvent } from './event.js';
import type { Job, Running, StateReport } from './job.js';
import { jobReason } from './reason.js';
import { findJob, findMember, trainerLabel, withJob, withStage } from './records.js';
import { beginStep } from './run-step.js';
import type { ClusterState } from './state.js';
import { takeStates } from './take-states.js';

type EventOf<T extends CheckpointEvent['type']> = Extract<CheckpointEvent, { type: T }>;

/** One trainer's state after a checkpointed step; when all have come they must be equal, and one copy is stored. */
export function stateReported(state: ClusterState, event: EventOf<'stateReported'>): Decision {
  const found = findMember(state, event.trainerId, event.jobId);
  if (typeof found === 'string') return ignore(state, found);
  const { job, member } = found;
  const { trainerId, step, files } = event;
  const what = `state after step ${step} from ${trainerLabel(member)}`;
  if (job.status.phase !== 'running') return ignore(state, `${what}: job "${event.jobId}" is ${job.status.phase}`);
  const run = job.status;
  const { stage } = run;
  if (stage.kind !== 'snapshot' || stage.step !== step) return ignore(state, `${what}: the job is at step ${stage.step} (${stage.kind})`);
  if (stage.reports.some((report) => report.trainerId === trainerId)) return ignore(state, `${what} came already`);
  const reports = [...stage.reports, { trainerId, files }];
  if (reports.length < run.members.length) {
    const next = withStage(state, job, run, { ...stage, reports });
    return { next, effects: [], reason: `${what}: ${reports.length}/${run.members.length} trainers` };
  }
  return dissenters(reports).length > 0 ? diverge(state, job, run, reports, step) : store(state, job, run, reports, step);
}

function diverge(state: ClusterState, job: Job, run: Running, reports: readonly StateReport[], step: number): Decision {
  const odd = dissenters(reports);
  const culprits = run.members.flatMap((member) => {
    const report = odd.find((one) => one.trainerId === member.trainerId);
    return report ? [`${trainerLabel(member)} has ${describeDifference(report, reports)}`] : [];
  });
  const agree = reports.length - odd.length;
  const rest = agree > 0 ? `the other ${agree} agree` : 'no majority tells who is right';
  return failJob(state, job, 'trainer_diverged', `the states after step ${step} differ: ${culprits.join('; ')}; ${rest}`);
}

function store(state: ClusterState, job: Job, run: Running, reports: readonly StateReport[], step: number): Decision {
  const from = reports.find((report) => report.trainerId === run.members[0]?.trainerId);
  if (!from) return ignore(state, `the first trainer of job "${job.request.id}" has no state`);
  const storing = { ...job, copying: step, storing: [...job.storing, step] };
  const stored: Decision = {
    next: state,
    effects: [{ type: 'storeCheckpoint', jobId: job.request.id, step, fromTrainerId: from.trainerId, files: from.files }],
    reason: `${counted(reports.length, 'equal state')} after step ${step}: storing the one of ${from.trainerId}`,
  };
  return andThen(stored, (next) =>
    step < job.request.totalSteps
      ? beginStep(next, storing, run, step + 1)
      : { next: withStage(next, storing, run, { kind: 'finishing', step }), effects: [], reason: '' },
  );
}

/** The files of a checkpoint are copied: a job that waited for that goes on. */
export function checkpointCopied(state: ClusterState, event: EventOf<'checkpointCopied'>): Decision {
  const { jobId, step } = event;
  const job = findJob(state, jobId);
  if (job?.copying !== step) return ignore(state, `nobody waits for a copy of the checkpoint of job "${jobId}" at step ${step}`);
  const copied = { ...job, copying: null };
  const reason = `checkpoint of job "${jobId}" at step ${step} is copied`;
  return andThen({ next: withJob(state, copied), effects: [], reason }, (next) => takeWaitingStates(next, copied));
}

function takeWaitingStates(state: ClusterState, job: Job): Decision {
  const { status } = job;
  if (status.phase === 'running' && status.stage.kind === 'waiting') return takeStates(state, job, status, status.stage.step);
  return { next: state, effects: [], reason: '' };
}

/** A checkpoint is committed. When all are, after the last step, the job has succeeded. */
export function checkpointStored(state: ClusterState, event: EventOf<'checkpointStored'>): Decision {
  const { jobId, step, manifestDigest, weightsSha256 } = event;
  const job = findJob(state, jobId);
  if (!job?.storing.includes(step)) return ignore(state, `nobody waits for a checkpoint of job "${jobId}" at step ${step}`);
  const isNewest = step > (job.checkpoint?.step ?? -1);
  const kept: Job = {
    ...job,
    checkpoint: isNewest ? { step, manifestDigest, weightsSha256 } : job.checkpoint,
    checkpoints: job.checkpoints + 1,
    copying: job.copying === step ? null : job.copying,
    storing: job.storing.filter((other) => other !== step),
  };
  const next = withJob(state, kept);
  const reason = `checkpoint of job "${jobId}" at step ${step} is stored: ${manifestDigest}`;
  const { status } = kept;
  return andThen({ next, effects: [], reason }, (later) => {
    if (status.phase === 'running' && status.stage.kind === 'finishing' && kept.storing.length === 0) return succeedJob(later, kept);
    return job.copying === step ? takeWaitingStates(later, kept) : { next: later, effects: [], reason: '' };
  });
}

/** A checkpoint could not be written: the job ends, and the one before it is the last good one. */
export function checkpointFailed(state: ClusterState, event: EventOf<'checkpointFailed'>): Decision {
  const { jobId, step, code, message } = event;
  const job = findJob(state, jobId);
  if (!job?.storing.includes(step)) return ignore(state, `nobody waits for a checkpoint of job "${jobId}" at step ${step}`);
  const failed = { ...job, copying: job.copying === step ? null : job.copying, storing: job.storing.filter((other) => other !== step) };
  if (job.status.phase !== 'running') {
    const reason = `checkpoint at step ${step} could not be stored: ${message}; job "${jobId}" ${job.status.phase} before: ${jobReason(state, job)}`;
    return { next: withJob(state, failed), effects: [], reason };
  }
  return failJob(state, failed, code, `checkpoint at step ${step} could not be stored: ${message}`);
}

/** Training goes on without the store; what it was to keep waits. */
export function storeLost(state: ClusterState, { since }: EventOf<'storeLost'>): Decision {
  if (state.storeOutage !== null) return ignore(state, `the store is unreachable since ${state.storeOutage} already`);
  return { next: { ...state, storeOutage: since }, effects: [], reason: `the store is unreachable since ${since}: checkpoints wait` };
}

/** What waited goes to the store, oldest first. */
export function storeFound(state: ClusterState): Decision {
  if (state.storeOutage === null) return ignore(state, 'the store was reachable all the time');
  return { next: { ...state, storeOutage: null }, effects: [], reason: 'the store is reachable again' };
}
