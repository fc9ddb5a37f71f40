import type { Job, Member, Running, Stage } from './job.js';
import type { ClusterState, Trainer } from './state.js';

/** The live trainer of this id. */
export function findTrainer(state: ClusterState, id: string): Trainer | undefined {
  return state.trainers.find((trainer) => trainer.id === id);
}

/** The newest attempt at the job of this id. */
export function findJob(state: ClusterState, id: string): Job | undefined {
  return state.jobs.find((job) => job.request.id === id);
}

/** The job that holds the trainers; there is never more than one. */
export function findLiveJob(state: ClusterState): Job | undefined {
  return state.jobs.find(({ status }) => status.phase === 'starting' || status.phase === 'running');
}

/** Who takes part in the job now: nobody before it starts and after it has ended. */
export function membersOf(job: Job): readonly Member[] {
  return job.status.phase === 'starting' || job.status.phase === 'running' ? job.status.members : [];
}

/** Puts `job` in the place of the one with its id. */
export function withJob(state: ClusterState, job: Job): ClusterState {
  return { ...state, jobs: state.jobs.map((other) => (other.request.id === job.request.id ? job : other)) };
}

/** The running job with another stage. */
export function withStage(state: ClusterState, job: Job, run: Running, stage: Stage): ClusterState {
  return withJob(state, { ...job, status: { ...run, stage } });
}

/** Sets what these trainers work on. */
export function assign(state: ClusterState, ids: readonly string[], jobId: string | null): ClusterState {
  return { ...state, trainers: state.trainers.map((trainer) => (ids.includes(trainer.id) ? { ...trainer, jobId } : trainer)) };
}

/** How reasons name a trainer. */
export function trainerLabel(trainer: Trainer | Member): string {
  return `trainer "${trainer.name}" (${'id' in trainer ? trainer.id : trainer.trainerId})`;
}

/** A running job and the member that speaks about it, or why the message concerns nobody. */
export function findMember(state: ClusterState, trainerId: string, jobId: string): { job: Job; member: Member } | string {
  const trainer = findTrainer(state, trainerId);
  if (!trainer) return `trainer ${trainerId} is not attached`;
  const job = findJob(state, jobId);
  if (!job) return `${trainerLabel(trainer)} speaks of job "${jobId}", which is unknown`;
  const member = membersOf(job).find((one) => one.trainerId === trainerId);
  return member ? { job, member } : `${trainerLabel(trainer)} takes no part in job "${jobId}" (${job.status.phase})`;
}
