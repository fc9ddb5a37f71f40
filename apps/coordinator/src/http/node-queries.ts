import { waitingFor, type ClusterState, type Trainer } from '@langevin/cluster-core';
import type { NodeInfo } from '@langevin/contracts/api';

/** What a trainer says of itself besides that it lives. */
export interface TrainerReport {
  /** Resident memory of its process, in bytes. */
  readonly memoryBytes: number;
  /** Threads with which it computes. */
  readonly threads: number;
  /** Its last step, in milliseconds; null before one. */
  readonly stepMs: { readonly compute: number; readonly wait: number; readonly exchange: number } | null;
}

/** The trainers that are attached, in the order in which they came. */
export function nodes(state: ClusterState, nowMs: number, reportOf: (trainerId: string) => TrainerReport | undefined): NodeInfo[] {
  return state.trainers.map((trainer) => {
    const report = reportOf(trainer.id);
    const { numerics } = trainer;
    return {
      id: trainer.id,
      name: trainer.name,
      address: trainer.pullAddress,
      state: stateOf(state, trainer),
      backend: numerics['backend'] ?? '',
      cpuModel: numerics['cpuModel'] ?? '',
      threads: report?.threads ?? 0,
      memoryBytes: report?.memoryBytes ?? 0,
      virtualWorkers: virtualWorkersOf(state, trainer),
      job: trainer.jobId,
      lastSeenMs: Math.max(0, Math.round(nowMs - trainer.lastSeenMs)),
      stepMs: report?.stepMs ?? null,
    };
  });
}

function stateOf(state: ClusterState, { jobId, name }: Trainer): NodeInfo['state'] {
  const job = state.jobs.find(({ request }) => request.id === jobId);
  if (jobId === null || !job) return 'idle';
  if (job.status.phase === 'starting') return 'preparing';
  return waitingFor(state, jobId).includes(name) ? 'computing' : 'waiting';
}

function virtualWorkersOf(state: ClusterState, { id, jobId }: Trainer): number {
  const job = state.jobs.find(({ request }) => request.id === jobId);
  if (job?.status.phase !== 'running') return 0;
  const share = job.status.shares.find(({ trainerId }) => trainerId === id);
  return share?.subtrees.reduce((sum, { leaves }) => sum + leaves, 0) ?? 0;
}
