import { counted } from './counted.js';
import { ignore, type Decision } from './decision.js';
import { cancelJob, succeedJob } from './ending.js';
import type { JobEvent } from './event.js';
import type { Job, JobRequest } from './job.js';
import { MAX_VIRTUAL_WORKERS } from './plan.js';
import { jobReason } from './reason.js';
import { assign, findJob, findLiveJob, isOver, withJob } from './records.js';
import type { ClusterState } from './state.js';

/** Queues a job. One of its id that has ended makes room; one that has not is left alone. An impossible job is ignored. */
export function jobSubmitted(state: ClusterState, request: JobRequest): Decision {
  const problem = requestProblem(request);
  if (problem !== undefined) return ignore(state, `job "${request.id}": ${problem}`);
  const earlier = findJob(state, request.id);
  if (earlier && !isOver(earlier)) return ignore(state, `job "${request.id}" is ${earlier.status.phase} already`);
  const job: Job = {
    request,
    committed: request.startStep,
    chain: '',
    loss: null,
    checkpoint: null,
    checkpoints: 0,
    copying: null,
    storing: [],
    barred: [],
    status: { phase: 'queued', lost: null, reopening: false },
  };
  const queued = { ...state, jobs: [...state.jobs.filter((other) => other !== earlier), job] };
  if (request.startStep >= request.totalSteps) return succeedJob(queued, job);
  const from = request.startStep > 0 ? ` from step ${request.startStep}` : '';
  const wait = findLiveJob(state) ? `; ${jobReason(queued, job)}` : '';
  return { next: queued, effects: [], reason: `job "${request.id}" submitted: ${counted(request.totalSteps, 'step')}${from}${wait}` };
}

/** Ends a job in any phase. */
export function jobCancelled(state: ClusterState, event: Extract<JobEvent, { type: 'jobCancelled' }>): Decision {
  const job = findJob(state, event.jobId);
  if (!job) return ignore(state, `job "${event.jobId}" is unknown`);
  return isOver(job) ? ignore(state, `job "${event.jobId}" has ended already (${job.status.phase})`) : cancelJob(state, job);
}

/**
 * Starts the first job of the queue when no other holds the trainers and enough are idle. All of them take part, up to
 * one a virtual worker. An empty reason says that there was nothing to start or to wait for.
 */
export function startNext(state: ClusterState): Decision {
  const job = state.jobs.find((other) => other.status.phase === 'queued' && !other.status.reopening);
  if (!job || findLiveJob(state)) return { next: state, effects: [], reason: '' };
  const { id, virtualWorkers, minTrainers, numericsClass } = job.request;
  const idle = state.trainers.filter((trainer) => trainer.jobId === null && trainer.draining === null && !job.barred.includes(trainer.incarnation));
  if (idle.length < minTrainers) return { next: state, effects: [], reason: `job "${id}" ${jobReason(state, job)}` };
  const chosen = idle.slice(0, virtualWorkers);
  const members = chosen.map((trainer) => ({ trainerId: trainer.id, name: trainer.name, incarnation: trainer.incarnation, ready: false }));
  const started = withJob(state, { ...job, status: { phase: 'starting', members, lost: job.status.phase === 'queued' ? job.status.lost : null, numericsClass } });
  const ids = chosen.map((trainer) => trainer.id);
  const names = chosen.map((trainer) => `"${trainer.name}"`).join(', ');
  const spare = idle.slice(virtualWorkers).map((trainer) => `"${trainer.name}"`);
  const idling = spare.length > 0 ? `; ${spare.join(', ')} idle: ${counted(idle.length, 'trainer')} > ${counted(virtualWorkers, 'virtual worker')}` : '';
  return {
    next: assign(started, ids, id),
    effects: ids.map((trainerId) => ({ type: 'startJob', trainerId, jobId: id, joins: false })),
    reason: `job "${id}" starts on ${names}${idling}`,
  };
}

/** A job specification is checked before it comes here; this keeps a slip from stopping the coordinator. */
function requestProblem(request: JobRequest): string | undefined {
  const { virtualWorkers, blocks, totalSteps, minTrainers, checkpointEvery, startStep } = request;
  const counts = { virtualWorkers, blocks, totalSteps, minTrainers, checkpointEvery };
  const wrong = Object.entries(counts).find(([, count]) => !(Number.isSafeInteger(count) && count >= 1));
  if (wrong) return `${wrong[0]} ${wrong[1]} is not a positive whole number`;
  if (!Number.isInteger(Math.log2(virtualWorkers)) || virtualWorkers > MAX_VIRTUAL_WORKERS)
    return `virtualWorkers ${virtualWorkers} is not a power of two up to ${MAX_VIRTUAL_WORKERS}`;
  if (!(Number.isSafeInteger(startStep) && startStep >= 0)) return `startStep ${startStep} is not a whole number of steps`;
  return minTrainers > virtualWorkers ? `minTrainers ${minTrainers} exceeds virtualWorkers ${virtualWorkers}` : undefined;
}
