import type { Job, Joiner, Member, Running, Stage } from './job.js';
import { placeOf } from './lookup.js';
import type { ClusterState, Trainer } from './state.js';

/** The live trainer of this id. */
export function findTrainer(state: ClusterState, id: string): Trainer | undefined {
  return state.trainers[placeOf(state.trainers, (trainer) => trainer.id, id)];
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

/** Who comes to the job while it runs. */
export function joinersOf(job: Job): readonly Joiner[] {
  return job.status.phase === 'running' ? job.status.joiners : [];
}

/** Its place among the job's members; −1 when it is none. */
export function seatOf(members: readonly Member[], trainerId: string): number {
  return placeOf(members, (member) => member.trainerId, trainerId);
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
  const them = new Set(ids);
  return { ...state, trainers: state.trainers.map((trainer) => (them.has(trainer.id) ? { ...trainer, jobId } : trainer)) };
}

/** How reasons name a trainer. */
export function trainerLabel(trainer: Trainer | Member | Joiner): string {
  return `trainer "${trainer.name}" (${'id' in trainer ? trainer.id : trainer.trainerId})`;
}

/** How reasons name several. */
export function names(trainers: readonly { readonly name: string }[]): string {
  return trainers.map(({ name }) => `"${name}"`).join(', ');
}

/** A job and the member or joiner that speaks about it, or why the message concerns nobody. */
export function findParticipant(state: ClusterState, trainerId: string, jobId: string): { job: Job; who: Member | Joiner } | string {
  const trainer = findTrainer(state, trainerId);
  if (!trainer) return `trainer ${trainerId} is not attached`;
  const job = findJob(state, jobId);
  if (!job) return `${trainerLabel(trainer)} speaks of job "${jobId}", which is unknown`;
  const members = membersOf(job);
  const who = members[seatOf(members, trainerId)] ?? joinersOf(job).find((joiner) => joiner.trainerId === trainerId);
  return who ? { job, who } : `${trainerLabel(trainer)} takes no part in job "${jobId}" (${job.status.phase})`;
}

/** A job that has ended stays as it is. */
export function isOver({ status }: Job): boolean {
  return status.phase === 'succeeded' || status.phase === 'failed' || status.phase === 'cancelled';
}
